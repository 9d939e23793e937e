import { describe, expect, it } from '@jest/globals';
import { NameRoutes, refusedCall } from '../../../src/access/refused-call.js';
import { requestOf } from '../../../src/access/request-of.js';
import { contextOf, type TestRequest } from './handler-context.js';

class Office {
  desk() {}
}

@NameRoutes({ changeLock: 'lock' })
class OfThisModule {
  open() {}

  changeLock() {}
}

describe('an event about a refused call', () => {
  it.each<[string, string, string | undefined, unknown]>([
    ['is the sender’s', 'http', '192.0.2.1', { ip: '192.0.2.1', userAgent: 'curl' }],
    ['is one for all unknown senders', 'http', undefined, { ip: 'unknown', userAgent: 'curl' }],
    ['is the sender’s', 'graphql', '192.0.2.1', { ip: '192.0.2.1', userAgent: 'curl' }],
    ['is not known', 'graphql', undefined, { ip: null, userAgent: null }],
    ['is not what a message says', 'rpc', '192.0.2.1', { ip: null, userAgent: null }],
  ])('has an address that %s: %s from %s', (_what, type, ip, client) => {
    const request: TestRequest = { headers: { 'user-agent': 'curl' }, ...(ip && { ip }) };
    const context = contextOf(Office, 'desk', request, type);
    expect(refusedCall(context, requestOf(context))).toEqual({ where: 'Office.desk', client });
  });

  it.each([
    [Office, 'desk', 'Office.desk'],
    [OfThisModule, 'open', 'open'],
    [OfThisModule, 'changeLock', 'lock'],
  ])('says where: %p.%s is %s', (controller, method, where) => {
    const request = { headers: {} };
    expect(refusedCall(contextOf(controller, method, request), request)).toMatchObject({ where });
  });
});
