import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, withTestApp } from '../harness/test-app.js';

/** ESC in its eight-bit form, a change of direction, a line end that JSON does not escape, an invisible tag. */
const FORGERY = 'eve\u202e\u2028 login_succeeded\u{e0041}';

describe('a line of the audit log', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('shows what a client sent, but as text and never as a command', async () => {
    const lines: string[] = [];
    const keep = (line: unknown) => void lines.push(String(line));
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(keep);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(keep);
    await withTestApp({ database: sqliteKind }, async (test) => {
      const headers = { 'user-agent': 'Mozilla\u009b31m "quoted"' };
      await test
        .client()
        .post('/auth/login', { body: { username: FORGERY, password: PASSWORD }, headers });
      await test
        .client()
        .post('/auth/register', { body: { username: 'adä 😀', password: PASSWORD } });
    });
    const [failed, registered] = lines.filter((line) => /^(login_failed|registered) /.test(line));
    expect(failed).toContain('eve\\u202e\\u2028 login_succeeded\\udb40\\udc41');
    expect(failed).toContain('Mozilla\\u009b31m \\"quoted\\"');
    expect(failed).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(registered).toMatch(/^registered \{/);
  });
});
