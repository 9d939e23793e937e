import { describe, expect, it } from '@jest/globals';
import { isDevelopment } from '../../../src/options/development.js';

const LOOPBACK = ['127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'];
const REACHABLE = [
  '0.0.0.0',
  '::',
  '',
  '10.0.0.1',
  '::ffff:10.0.0.1',
  'example.com',
  '127.0.0.1.example.com',
];

describe('development mode', () => {
  it.each(['development', 'test'])(
    'is on with NODE_ENV=%s, whatever address the app listens on',
    (nodeEnv) => {
      for (const host of [undefined, '127.0.0.1', '0.0.0.0']) {
        expect(isDevelopment(nodeEnv, host)).toBe(true);
      }
    },
  );

  it.each([
    [
      'production',
      'Production',
      'PRODUCTION',
      'production ',
      ' production',
      'production\r',
      'prod',
    ],
    ['staging', 'stage', 'preview', 'qa', 'live', 'ci', 'local', 'true', '0', 'undefined', 'null'],
    ['', ' ', 'dev', 'Development', 'DEVELOPMENT', 'development ', ' development', 'development\r'],
    ['Test', 'testing', 'tests', '"development"', 'development,test', '__proto__', 'constructor'],
  ])('is off with any other NODE_ENV: %j, %j, %j …', (...values) => {
    const taken = values.filter((nodeEnv) => isDevelopment(nodeEnv, '127.0.0.1'));
    expect(taken).toEqual([]);
  });

  it('is on without NODE_ENV, if nobody else can reach the app', () => {
    for (const host of [...LOOPBACK, 'localhost', 'LOCALHOST']) {
      expect([host, isDevelopment(undefined, host)]).toEqual([host, true]);
    }
    for (const host of [undefined, ...REACHABLE]) {
      expect([host, isDevelopment(undefined, host)]).toEqual([host, false]);
    }
  });
});
