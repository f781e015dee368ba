import { fileURLToPath } from 'node:url'
import { built, react18 } from './this-repository.js'

/**
 * In an app it is `testEnvironment`, `setupFilesAfterEach` and the transform that it has anyway. Here, the package is
 * the one that was just built, and its suite runs on two versions of React.
 */
const project = (version) => ({
  displayName: `jest, react ${version}`,
  rootDir: fileURLToPath(new URL('.', import.meta.url)),
  testEnvironment: 'jsdom',
  setupFilesAfterEnv: ['@testing-library/jest-dom'],
  testMatch: ['<rootDir>/*.test.tsx'],
  transform: { '\\.tsx$': '<rootDir>/jest-transform.cjs' },
  moduleNameMapper: {
    ...Object.fromEntries(built('cjs').map(({ find, replacement }) => [find.source, replacement])),
    ...(version === 18 && { '^(react|react-dom)(/.*)?$': `${react18}/$1$2` }),
  },
})

export default { projects: [project(18), project(19)] }
