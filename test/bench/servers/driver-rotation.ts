import { createHash, createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { Controller, HttpCode, Module, Post, Req, Res } from '@nestjs/common';
import { openSessions, type SessionStatements } from './raw-sessions.js';
import { createApp, serve, USERS } from './serve.js';

/**
 * The least that any rotation must do, in a bare Nest POST route: one SELECT of the user and one conditional UPDATE as
 * prepared statements of the raw driver, two HMAC signatures, a cookie and a body. It checks nothing, has no leeway
 * and detects no theft.
 */
const accessKey = createSecretKey(randomBytes(32));
const refreshKey = createSecretKey(randomBytes(32));
const HEADER = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');
const WEEK_MS = 7 * 24 * 60 * 60_000;

function signed(claims: object, key: typeof accessKey): string {
  const content = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

function refreshToken(id: string, userId: number, generation: number, secret: string): string {
  return signed({ sub: userId, sid: id, gen: generation, jti: secret }, refreshKey);
}

let sessions: SessionStatements;

@Controller()
class RotationController {
  @Post('refresh')
  @HttpCode(200)
  async refresh(
    @Req() request: { headers: { cookie: string } },
    @Res({ passthrough: true }) response: { cookie(...given: unknown[]): void },
  ): Promise<object> {
    const token = request.headers.cookie.slice('refresh_token='.length);
    const { sub, sid, gen, jti } = JSON.parse(
      Buffer.from(token.split('.')[1]!, 'base64url').toString(),
    ) as { sub: number; sid: string; gen: number; jti: string };
    const user = await sessions.findUser(sub);
    const now = Date.now();
    const secret = randomBytes(32).toString('base64url');
    const isRotated = await sessions.rotate({
      id: sid,
      generation: gen,
      hash: hashOf(jti),
      next: hashOf(secret),
      now,
      expiresAt: now + WEEK_MS,
    });
    if (!isRotated || user === undefined) throw new Error('The session was not rotated.');
    const exp = Math.floor(now / 1000) + 900;
    response.cookie('refresh_token', refreshToken(sid, sub, gen + 1, secret), {
      httpOnly: true,
      maxAge: WEEK_MS,
    });
    const accessToken = signed({ sub, sid, exp, username: user.username }, accessKey);
    return { accessToken, tokenType: 'Bearer', expiresIn: 900 };
  }
}

@Module({ controllers: [RotationController] })
class DriverModule {}

sessions = await openSessions(process.env.DATABASE_URL!);
await serve(await createApp(DriverModule), async () => {
  const cookies: string[] = [];
  const names = randomBytes(4).toString('hex');
  for (let i = 0; i < USERS; i += 1) {
    const [id, secret] = [randomBytes(16).toString('hex'), randomBytes(32).toString('base64url')];
    const userId = await sessions.insert(id, `${names}-${i}`, hashOf(secret), Date.now() + WEEK_MS);
    cookies.push(refreshToken(id, userId, 0, secret));
  }
  return cookies;
});
