import { describe, expect, it } from '@jest/globals';
import { bearerToken } from '../../../src/access/bearer-token.js';

const sent = (authorization: string | string[] | undefined, rawHeaders: string[] = []) =>
  bearerToken({ headers: { authorization }, rawHeaders });

describe('the Authorization header contains a token', () => {
  it.each([
    ['as we write it', 'Bearer abc.def', 'abc.def'],
    ['with the scheme in another case', 'bearer abc', 'abc'],
    ['with spaces around it', 'BEARER   abc  ', 'abc'],
    ['as long as ours can be', `Bearer ${'x'.repeat(8192)}`, 'x'.repeat(8192)],
  ])('%s', (_how, authorization, token) => {
    expect(sent(authorization)).toBe(token);
  });
});

describe('the Authorization header contains no token', () => {
  it.each([
    [undefined],
    [''],
    ['Bearer'],
    ['Bearer '],
    ['Bearer      '],
    ['Basic YWRhOnB3'],
    ['Bearerabc'],
    ['abc.def.ghi'],
    ['Bearer\tabc'],
    [['Bearer abc']],
  ])('when it is %j', (authorization) => {
    expect(sent(authorization)).toBeNull();
  });
});

describe('the Authorization header is refused', () => {
  it('if it is longer than any token of this module, whatever it contains', () => {
    for (const header of [`Bearer ${'x'.repeat(8193)}`, 'x'.repeat(16_384)]) {
      expect(() => sent(header)).toThrow(
        expect.objectContaining({
          code: 'token_invalid',
          message: 'The Authorization header is too long.',
        }),
      );
    }
  });

  it('if it was sent twice, although Node shows only the first', () => {
    const raw = ['Host', 'localhost', 'Authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer b'];
    expect(() => sent('Bearer a', raw)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(/one/) }),
    );
    expect(sent('Bearer a', raw.slice(0, 4))).toBe('a');
  });

  it('if it was sent twice to Fastify, which keeps Node’s request one level down', () => {
    const request = {
      headers: { authorization: 'Bearer a' },
      raw: { rawHeaders: ['authorization', 'Bearer a', 'authorization', 'Bearer a'] },
    };
    expect(() => bearerToken(request)).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  it('but not if the word is the value of another header', () => {
    const raw = ['Authorization', 'Bearer a', 'Vary', 'authorization'];
    expect(sent('Bearer a', raw)).toBe('a');
  });
});
