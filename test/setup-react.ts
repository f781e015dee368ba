import '@testing-library/jest-dom/vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** React's major version in this project. */
    react: string
  }
}
