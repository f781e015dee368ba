/** The text of a file, which Vite gives for `?raw`. */
declare module '*?raw' {
  const text: string
  export default text
}
