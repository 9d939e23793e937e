const { TestEnvironment } = require('jest-environment-node');

/**
 * Skips the tests after the first that fails: one is enough to know that a mutant is noticed, and tests that wait for
 * what a mutant never does would take five seconds each. Jest's own `bail` ends with the file, and all are in one.
 */
module.exports = class StopsAtFirstFailure extends TestEnvironment {
  hasFailed = false;

  handleTestEvent(event) {
    if (event.name === 'test_done' && event.test.errors.length > 0) this.hasFailed = true;
    if (event.name === 'test_start' && this.hasFailed) event.test.mode = 'skip';
  }
};
