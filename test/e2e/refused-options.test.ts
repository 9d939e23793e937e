import { describe, expect, it } from '@jest/globals';
import { AuthModule, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore } from 'nestjs-refresh-auth/testing';
import { good, refusal, withOptions } from '../harness/boot-with-options.js';
import { ACCESS_SECRET } from '../harness/test-secrets.js';

class UserService {
  async findByLogin(): Promise<null> {
    return null;
  }

  async findById(): Promise<null> {
    return null;
  }
}

const withHole: unknown[] = [];
withHole[1] = 'second';

const ALL_OF_A_STORE =
  'insert(), rotate(), find(), listActive(), revoke(), revokedSince() and deleteEnded()';

describe('the sentence that stops the boot names the option:', () => {
  it.each<[object, string]>([
    // Unknown names.
    [
      { maxSessionPerUser: 3 },
      'maxSessionPerUser is not an option. Did you mean maxSessionsPerUser?',
    ],
    [
      { accessToken: { secret: ACCESS_SECRET, expiresin: '5m' } },
      'accessToken.expiresin is not an option. Did you mean accessToken.expiresIn?',
    ],
    [
      { accessToken: { secrets: [ACCESS_SECRET] } },
      'accessToken.secrets is not an option. Did you mean accessToken.secret?',
    ],
    [
      { cookies: { sameSit: 'lax' } },
      'cookies.sameSit is not an option. Did you mean cookies.sameSite?',
    ],
    [
      { cookies: { previous: [{ name: 'a' }, { nam: 'b' }] } },
      'cookies.previous[1].nam is not an option. Did you mean cookies.previous.name?',
    ],
    [
      { accessToken: { secret: { kid: 'a', secrt: ACCESS_SECRET } } },
      'accessToken.secret.secrt is not an option. Did you mean accessToken.secret.secret?',
    ],
    [
      { accessToken: { keys: [{ algorithm: 'ES256', privatKey: 'pem' }] } },
      'accessToken.keys[0].privatKey is not an option. Did you mean accessToken.keys.privateKey?',
    ],
    [
      { accessToken: { secret: { base64: 'AAAA', secret: ACCESS_SECRET } } },
      'accessToken.secret.secret is not an option beside the others there: leave it, or them, out.',
    ],
    [
      { cookies: { previous: [{ name: 'old', path: null }] } },
      'cookies.previous[0].path must be a text that starts with "/", not null: leave it out for the default.',
    ],
    [{ '': true }, '"" is not an option.'],
    [{ cookies: { ' ': true } }, 'cookies." " is not an option.'],
    [
      { expiresIn: '5m' },
      'expiresIn is not an option, but accessToken.expiresIn and refreshToken.expiresIn are.',
    ],
    [
      { secret: ACCESS_SECRET },
      'secret is not an option, but accessToken.secret, accessToken.keys.secret and refreshToken.secret are.',
    ],
    [{ leway: 5 }, 'leway is not an option. Did you mean refreshToken.leeway?'],
    [
      { accessToken: { cache: { ttl: 5 } } },
      'accessToken.cache.ttl is not an option. Known here: entries, bytes.',
    ],
    [JSON.parse('{ "__proto__": { "limits": false } }') as object, '__proto__ is not an option.'],
    [JSON.parse('{ "constructor": {} }') as object, 'constructor is not an option.'],
    [{ cookies: { toString: () => '' } }, 'cookies.toString is not an option.'],
    [{ cookies: { [Symbol('x')]: 1 } }, 'cookies: the key Symbol(x) is not an option. Remove it.'],

    // Another value in place of a group of options.
    [{ cookies: 5 }, 'cookies must be an object of options, not 5.'],
    [
      { cookies: new Map([['secure', false]]) },
      'cookies must be an object of options, not an object (Map).',
    ],
    [{ cookies: { refresh: 'x' } }, 'cookies.refresh must be { name, path }, not a text.'],
    [{ cookies: { access: 'true' } }, 'cookies.access must be true, false or { name, path }'],
    [{ limits: true }, 'limits must be false or { account, address,'],
    [{ limits: { account: 5 } }, 'limits.account must be { attempts, per }, not 5.'],
    [{ passwords: [] }, 'passwords must be an object of options, not an array.'],
    [{ revocation: true }, 'revocation must be an object of options, not true.'],
    [{ purge: false }, 'purge must be an object of options, not false.'],
    [
      { passwords: Promise.resolve({}) },
      'passwords must be an object of options, not a promise: await it.',
    ],
    [
      { issuer: null },
      'issuer must be a text that is not empty, not null: leave it out for the default.',
    ],
    [{ cookies: null }, 'cookies must be an object of options, not null: leave it out for the'],

    // Numbers and durations.
    [{ limits: { account: { attempts: NaN } } }, 'limits.account.attempts must be a whole number'],
    [{ limits: { account: { attempts: -1 } } }, 'limits.account.attempts must be a whole number'],
    [{ maxSessionsPerUser: Infinity }, 'maxSessionsPerUser must be a whole number, at least 1'],
    [{ revocation: { pollInterval: NaN } }, 'revocation.pollInterval: NaN is not a duration'],
    [
      { revocation: { pollInterval: 5n } },
      'revocation.pollInterval must be a duration: seconds as a number, or a text with a unit, such as "15m", not a bigint.',
    ],
    [{ purge: { interval: {} } }, 'purge.interval must be a duration'],

    // Flags as texts: every text is truthy.
    [{ revocation: { failClosed: 'false' } }, 'revocation.failClosed must be true or false, not a'],
    [{ cookies: { secure: 'false' } }, 'cookies.secure must be true or false, not a text.'],
    [{ cookies: { clearSiteData: 'no' } }, 'cookies.clearSiteData must be true or false, not a te'],

    // Lists.
    [
      { allowedOrigins: 'https://app.example.com' },
      'allowedOrigins must be a list of origins, such as ["https://app.example.com"], not a text.',
    ],
    [{ allowedOrigins: ['https://ada:pa55@a.example'] }, 'allowedOrigins has "https://…@a.exam'],
    [{ allowedOrigins: withHole }, 'allowedOrigins has undefined, which is not an origin'],
    [{ passwords: { contextWords: 'acme' } }, 'passwords.contextWords must be a list of words'],
    [{ passwords: { contextWords: withHole } }, 'passwords.contextWords[0] must be a text'],
    [{ cookies: { previous: withHole } }, 'cookies.previous[0] must be { name, path, domain }'],
    [{ passwordHashers: {} }, 'passwordHashers must be a list of PasswordHashers, not an object.'],
    [{ passwordHashers: withHole }, 'passwordHashers[0] is missing: pass a PasswordHasher'],
    [{ passwordHashers: [{ verify() {} }] }, 'passwordHashers[0] has no recognizes(): pass a'],

    // Secrets and keys; the message contains nothing of them.
    [
      { accessToken: { secret: 123456789 } },
      'accessToken.secret must be a text, bytes, { base64 } or a JWK with kty "oct", not a number.',
    ],
    [
      { accessToken: { secret: Promise.resolve(ACCESS_SECRET) } },
      'accessToken.secret must be a text, bytes, { base64 } or a JWK with kty "oct", not a promise: await it.',
    ],
    [{ accessToken: { secret: { kty: 'EC', k: 'x' } } }, 'accessToken.secret.kty must be "oct"'],
    [{ accessToken: { keys: {} } }, 'accessToken.keys.algorithm must be "HS256" or'],
    [{ accessToken: { keys: [] } }, 'accessToken.keys is empty: give at least one key.'],
    [
      { accessToken: { keys: { algorithm: 'ES256', secret: ACCESS_SECRET, publicKey: 'pem' } } },
      'accessToken.keys.secret is of HS256, HS384 and HS512: give a key in its place',
    ],
    [
      { accessToken: { keys: { algorithm: 'HS256', secret: ACCESS_SECRET, privateKey: 'pem' } } },
      'accessToken.keys.privateKey is of RS256, PS256 and ES256: give a secret',
    ],
    [
      { accessToken: { keys: { algorithm: 'ES256', privateKey: 'pem', publicKey: 'pem' } } },
      'accessToken.keys.publicKey stands beside privateKey, which it is derived from: leave it out.',
    ],
    [{ accessToken: { keys: { algorithm: 'ES256' } } }, 'accessToken.keys.publicKey is missing'],

    // The app's own objects.
    [{ users: null }, 'users must be a UserDirectory, an object with findByLogin() and findById()'],
    [{ users: UserService }, 'users has no findByLogin() and findById(): pass an instance of the'],
    [{ users: Promise.resolve(new UserService()) }, 'users must be a UserDirectory, an object wi'],
    [
      { users: Object.assign(new UserService(), { create: true }) },
      'users has a create that is true: make it a method, or leave it out.',
    ],
    [{ store: {} }, `store has no ${ALL_OF_A_STORE}: pass a RefreshTokenStore.`],
    [
      { store: Object.assign(new MemoryRefreshTokenStore(), { find: undefined }) },
      `store has no find(): pass a RefreshTokenStore, an object with ${ALL_OF_A_STORE}.`,
    ],
    [
      { store: Object.assign(new MemoryRefreshTokenStore(), { keptTime: undefined }) },
      'store has one of keepTime() and keptTime() and not the other: write both or neither.',
    ],
    [{ clock: {} }, 'clock has no now(): pass a Clock.'],
    [{ clock: () => 5 }, 'clock has no now(): pass what the function returns, if it makes one.'],
    [{ random: {} }, 'random has no bytes(): pass a RandomSource.'],
    [{ events: {} }, 'events must be a function, (event) => …, not an object.'],
    [
      { events: UserService },
      'events must be a function, (event) => …, not a class: pass a method',
    ],
    [
      { isBreached: true },
      'isBreached must be a function, (password) => a promise of true or false',
    ],
  ])('%p', async (options, sentence) => {
    const all = withOptions(options);
    const atOnce = await refusal(() => AuthModule.forRoot(all));
    const later = await refusal(() => AuthModule.forRootAsync({ useFactory: () => all }));
    expect([atOnce.slice(0, sentence.length), later.slice(0, sentence.length)]).toEqual([
      sentence,
      sentence,
    ]);
    expect(atOnce + later).not.toMatch(/123456789|pa55|https:\/\/ada/);
  });

  it('even if it is a getter that throws', async () => {
    const options = {
      get issuer() {
        throw new Error('ISSUER is not set');
      },
    };
    const sentence = "issuer can't be read: Error: ISSUER is not set.";
    expect(await refusal(() => AuthModule.forRoot(withOptions(options)))).toBe(sentence);
    const useFactory = () => withOptions(options);
    expect(await refusal(() => AuthModule.forRootAsync({ useFactory }))).toBe(sentence);
  });

  it('even if it is inherited, and a plain copy would lose it', async () => {
    class Inherited {
      get limits() {
        return true;
      }
    }
    const all = Object.assign(new Inherited(), good()) as unknown as AuthModuleOptions;
    expect(await refusal(() => AuthModule.forRoot(all))).toMatch(/^limits must be false or/);
  });
});
