/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-refresh-auth$': '<rootDir>/src/index.ts',
    '^nestjs-refresh-auth/client$': '<rootDir>/src/client/index.ts',
    '^nestjs-refresh-auth/testing$': '<rootDir>/src/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false }] },
  globalSetup: '<rootDir>/test/harness/before-all-tests.js',
  globalTeardown: '<rootDir>/test/harness/after-all-tests.js',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  // For what hangs. Nothing is to be red because a machine is slow.
  testTimeout: 300_000,
  maxWorkers: 2,
};
