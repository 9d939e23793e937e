import {
  BadRequestException,
  ConflictException,
  ForbiddenException,
  GoneException,
  HttpException,
  Logger,
  NotFoundException,
  UnauthorizedException,
  UnprocessableEntityException,
} from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthError, type AuthErrorCode } from '../../../src/errors/auth-error.js';
import type { UserDirectory } from '../../../src/users/user-directory.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, refusedWith, refusalOf, Users } from '../in-memory-app.js';

const right = { username: 'ada', password: PASSWORD };
const change = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
const tryAgain = { code: 'store_unavailable', status: 503, retryAfter: 1, sessionEnded: false };

class Unsure extends HttpException {
  constructor(private readonly readStatus: () => number) {
    super('Unsure.', 400);
  }

  override getStatus(): number {
    return this.readStatus();
  }
}

const unsure = () =>
  new Unsure(() => {
    throw new NotFoundException();
  });

/** HTTP exceptions of a directory that must not become responses of this module. */
const foreign: [string, HttpException][] = [
  ...[200, 302, 408, 425, 502, 599, 4.5].map((status): [string, HttpException] => [
    `an exception with status ${status}`,
    new HttpException('x', status),
  ]),
  ['one that doesn’t say its status', unsure()],
  ['one whose status is a text', new Unsure(() => '404' as never)],
  ['busy', new AuthError('busy', 'x')],
  ['misconfigured', new AuthError('misconfigured', 'x')],
];

const ours: [string, HttpException][] = (
  ['session_not_found', 'session_revoked', 'refresh_reused', 'token_expired'] as AuthErrorCode[]
).map((code) => [`our own ${code}`, new AuthError(code, 'x', { sessionEnded: true })]);

/** An app with a user who is logged in, whose directory then throws. */
async function throwing(error: unknown, method: keyof UserDirectory) {
  const users = new Users();
  const app = inMemoryApp({ users });
  await users.add('ada');
  const { sessionId, refreshToken } = await app.auth.loginAs('1');
  users[method] = async () => {
    throw error;
  };
  return { app, sessionId, token: refreshToken!.token };
}

describe('an HTTP exception', () => {
  let logged: ReturnType<typeof jest.spyOn>;

  beforeEach(() => {
    logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, HttpException]>([
    ...foreign,
    ...ours,
    ['400', new BadRequestException('x')],
    ['401', new UnauthorizedException('x')],
    ['403', new ForbiddenException('x')],
    ['409', new ConflictException('x')],
    ['418', new HttpException('x', 418)],
    ['429', new HttpException('x', 429)],
  ])('of findById() ends no session and is no refusal: %s', async (_what, error) => {
    const { app, sessionId, token } = await throwing(error, 'findById');
    for (const attempt of [
      () => app.auth.refresh(token),
      () => app.auth.loginAs('1'),
      () => app.auth.changePassword('1', change, sessionId),
      () => app.auth.login(right),
    ]) {
      expect(await refusalOf(attempt())).toMatchObject(tryAgain);
    }
    expect(app.feed.isRevoked(sessionId)).toBe(false);
    expect(logged).toHaveBeenCalledTimes(1);
    expect(logged).toHaveBeenCalledWith(
      expect.stringContaining(`UserDirectory.findById() threw ${error.name}, `),
    );
  });

  it.each([
    new BadRequestException('This is no address.'),
    new UnprocessableEntityException('x'),
    new NotFoundException('x'),
    new GoneException('x'),
    new ForbiddenException('x'),
    new ConflictException('x'),
    new HttpException('x', 499),
    new AuthError('invalid_request', 'username: is no address'),
    new AuthError('session_revoked', 'x', { sessionEnded: true }),
  ])('of findByLogin() means the same as a wrong password: %p', async (error) => {
    const { app } = await throwing(error, 'findByLogin');
    const wrong = inMemoryApp();
    await wrong.userDirectory.add('ada');
    expect(await refusedWith(app.auth.login(right))).toEqual(
      await refusedWith(wrong.auth.login({ ...right, password: 'a wrong horse battery' })),
    );
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'login_failed', username: 'ada', userId: null }),
    );
  });

  it.each([...foreign, ['429', new HttpException('x', 429)]] as [string, HttpException][])(
    'of findByLogin() is a failure, if it decides nothing: %s',
    async (_what, error) => {
      const { app } = await throwing(error, 'findByLogin');
      expect(await refusalOf(app.auth.login(right))).toMatchObject(tryAgain);
    },
  );

  const refusals: [HttpException, number, AuthErrorCode][] = [
    [new BadRequestException('No such domain.'), 400, 'invalid_request'],
    [new UnprocessableEntityException('No such domain.'), 400, 'invalid_request'],
    [new UnauthorizedException('No.'), 400, 'invalid_request'],
    [new ForbiddenException('By invitation.'), 400, 'invalid_request'],
    [new NotFoundException('No such invitation.'), 400, 'invalid_request'],
    [new HttpException('Slowly.', 429), 429, 'too_many_attempts'],
    [new AuthError('invalid_request', 'username: is too long'), 400, 'invalid_request'],
    [
      new AuthError('session_revoked', 'The invitation was.', { sessionEnded: true }),
      400,
      'invalid_request',
    ],
  ];

  it.each([
    ...refusals,
    [new ConflictException('There is one.'), 409, 'username_taken'] as (typeof refusals)[0],
  ])(
    'of create() keeps its message and has a code of that route: %p',
    async (error, status, code) => {
      const { app } = await throwing(error, 'create');
      const refused = await refusalOf(app.auth.register({ ...right, username: 'eve' }));
      const { message } = error;
      expect(refused).toMatchObject({ status, code, message, sessionEnded: false });
      expect(refused.retryAfter).toBe(status === 429 ? 60 : undefined);
    },
  );

  it.each(refusals.filter(([{ message }]) => message !== 'No such invitation.'))(
    'of updatePasswordHash() keeps its message and has a code of that route: %p',
    async (error, status, code) => {
      const { app, sessionId } = await throwing(error, 'updatePasswordHash');
      const refused = await refusalOf(app.auth.changePassword('1', change, sessionId));
      const { message } = error;
      expect(refused).toMatchObject({ status, code, message, sessionEnded: false });
    },
  );

  it.each([
    new ConflictException(),
    new HttpException('x', 412),
    new NotFoundException(),
    new AuthError('username_taken', 'x'),
  ])(
    'of updatePasswordHash() for an outdated hash means that the change lost: %p',
    async (error) => {
      const { app, sessionId } = await throwing(error, 'updatePasswordHash');
      const { code } = await refusalOf(app.auth.changePassword('1', change, sessionId));
      expect(code).toBe('invalid_credentials');
    },
  );

  it.each(foreign)('of a write is a failure otherwise: %s', async (_what, error) => {
    const registering = await throwing(error, 'create');
    const { auth } = registering.app;
    expect(await refusalOf(auth.register({ ...right, username: 'eve' }))).toMatchObject(tryAgain);
    const { app, sessionId } = await throwing(error, 'updatePasswordHash');
    const refused = await refusalOf(app.auth.changePassword('1', change, sessionId));
    expect(refused).toMatchObject(tryAgain);
  });
});

describe('any other error of a directory', () => {
  const unprintable = {
    toString() {
      throw new Error('no text');
    },
  };

  it.each([[null], [undefined], ['no'], [7], [Symbol('x')], [Promise.resolve(1)], [unprintable]])(
    'is a failure, and an event: %p',
    async (thrown) => {
      const users = new Users();
      const app = inMemoryApp({ users });
      await users.add('ada');
      const { refreshToken } = await app.auth.loginAs('1');
      users.findById = () => {
        throw thrown;
      };
      expect(await refusalOf(app.auth.refresh(refreshToken!.token))).toMatchObject(tryAgain);
      expect(app.events).toContainEqual(expect.objectContaining({ type: 'store_unavailable' }));
    },
  );

  it.each(['findByLogin', 'findById'] as const)(
    'is logged with its location, once, and not blamed on the session store: %s()',
    async (method) => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      const users = new Users();
      const app = inMemoryApp({ users });
      await users.add('ada');
      users[method] = async () => (undefined as unknown as { user: null }).user;
      for (let i = 0; i < 2; i += 1) {
        const refusal = await refusalOf(app.auth.login(right));
        expect(refusal).toMatchObject(tryAgain);
        expect(refusal.message).toMatch(/^The user directory does not answer/);
      }
      expect(logged.mock.calls).toEqual([
        [
          expect.stringMatching(
            new RegExp(`^UserDirectory\\.${method}\\(\\) threw.*: TypeError: `),
          ),
          expect.stringMatching(/^TypeError: .*\n\s+at .*directory-exceptions/),
        ],
      ]);
      jest.restoreAllMocks();
    },
  );

  it('is a failure after four seconds if the call never settles', async () => {
    jest.useFakeTimers();
    const users = new Users();
    const app = inMemoryApp({ users });
    await users.add('ada');
    const { refreshToken } = await app.auth.loginAs('1');
    users.findById = () => new Promise(() => {});
    const refused = refusalOf(app.auth.refresh(refreshToken!.token));
    await jest.advanceTimersByTimeAsync(4000);
    jest.useRealTimers();
    expect(await refused).toMatchObject(tryAgain);
  });

  it('is a failure of a custom store too, whatever status it has', async () => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    app.store.rotate = async () => {
      throw new NotFoundException('the shelf');
    };
    expect(await refusalOf(app.auth.refresh(token))).toMatchObject(tryAgain);
  });
});
