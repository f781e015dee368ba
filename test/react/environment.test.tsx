import { render, screen } from '@testing-library/react'
import { version } from 'react'
import { version as domVersion } from 'react-dom'
import { expect, inject, test } from 'vitest'

test('React is the one that the project names, in React DOM and Testing Library too', () => {
  expect(version.split('.')[0]).toBe(inject('react'))
  expect(domVersion).toBe(version)
  render(<p>hello</p>)
  expect(screen.getByText('hello')).toBeInTheDocument()
})

test('Testing Library cleaned up after the test before, and set the act environment', () => {
  expect(document.querySelector('p')).toBeNull()
  expect(Reflect.get(globalThis, 'IS_REACT_ACT_ENVIRONMENT')).toBe(true)
})
