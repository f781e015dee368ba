/** The text of a file, which Vite gives for `?raw`. */
declare module '*?raw' {
  const text: string
  export default text
}

/** Where a script is that Vite bundles by itself, for `?worker&url`. */
declare module '*?worker&url' {
  const url: string
  export default url
}
