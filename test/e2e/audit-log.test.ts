import { ConsoleLogger, type LoggerService } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import { PinoLogger } from '../harness/pino-logger.js';
import { PASSWORD, withTestApp } from '../harness/test-app.js';

/** A change of direction, a line end that JSON does not escape, an invisible tag. A name with a control character is refused. */
const FORGERY = 'eve\u202e\u2028 login_succeeded\u{e0041}';
const SHOWN = 'eve<U+202E><U+2028> login_succeeded<U+E0041>';
/** ESC in its eight-bit form. */
const AGENT = 'Mozilla\u009b31m "quoted"';
const SHOWN_AGENT = 'Mozilla<U+009B>31m "quoted"';

/** With these Nest paints a line. */
// oxlint-disable-next-line no-control-regex -- it is what a terminal gets
const COLORS = /\u001b\[[\d;]+m/g;

/** Everything that the logger writes, as it is written. */
async function written(
  makeLogger: (write: (text: string) => void) => LoggerService,
): Promise<string[]> {
  const texts: string[] = [];
  const keep = (text: unknown) => texts.push(String(text)) > 0;
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation(keep);
  }
  const logger = makeLogger(keep);
  const prepare = (app: { useLogger(logger: LoggerService): void }) => app.useLogger(logger);
  await withTestApp({ database: sqliteKind, prepare }, async (test) => {
    const headers = { 'user-agent': AGENT };
    const failing = { username: FORGERY, password: PASSWORD };
    await test.client().post('/auth/login', { body: failing, headers });
    const body = { username: 'adä 😀', password: PASSWORD };
    await test.client().post('/auth/register', { body, headers });
  });
  jest.restoreAllMocks();
  const text = texts.join('').replaceAll(COLORS, '');
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(text).not.toContain(PASSWORD);
  return text.split('\n').filter((line) => line.includes('AuthAudit'));
}

describe('the audit log of a failed login and a registration', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const FAILED = {
    msg: 'login_failed',
    event: 'login_failed',
    username: SHOWN,
    userId: null,
    ip: '127.0.0.1',
    userAgent: SHOWN_AGENT,
  };
  const REGISTERED = {
    msg: 'registered',
    event: 'registered',
    userId: expect.any(String),
    sessionId: expect.any(String),
    ip: '127.0.0.1',
    userAgent: SHOWN_AGENT,
  };

  it.each([false, true])('is two lines of Nest’s logger, with colors: %s', async (colors) => {
    const lines = await written(() => new ConsoleLogger({ colors }));
    const records = lines.map((line) => /((?:login_failed|registered) )(\{.*\})$/.exec(line)!);
    expect(records.map(([, , fields]) => JSON.parse(fields!))).toEqual(
      [FAILED, REGISTERED].map(({ msg: _msg, event: _event, ...fields }) => fields),
    );
    expect(lines[0]).toMatch(/WARN.*login_failed \{/);
    expect(lines[1]).toMatch(/LOG.*registered \{/);
  });

  it('is two records of Nest’s logger with json, with fields', async () => {
    const lines = await written(() => new ConsoleLogger({ json: true }));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', context: 'AuthAudit', message: FAILED },
      { level: 'log', context: 'AuthAudit', message: REGISTERED },
    ]);
  });

  it('is censored by Nest’s logger where it is told to', async () => {
    const [failed] = await written(
      () => new ConsoleLogger({ colors: false, redact: ['username'] }),
    );
    expect(failed).toContain('login_failed {"username":"[REDACTED]","userId":null,');
    expect(failed).not.toContain('eve');
  });

  it('is two records of pino, with fields beside the logger’s own', async () => {
    const lines = await written((write) => new PinoLogger(write));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 40, context: 'AuthAudit', ...FAILED },
      { level: 30, context: 'AuthAudit', ...REGISTERED },
    ]);
  });
});
