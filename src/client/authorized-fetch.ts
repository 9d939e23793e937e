import { abortable } from './abortable.js';
import type { Fetch } from './auth-client.js';
import { jsonAnswer } from './json-body.js';
import type { RefreshFlight } from './single-flight-refresh.js';
import { replayableRequest } from './replayable-request.js';
import type { Session } from './session.js';

/**
 * Sees to it that the token held, if anybody is signed in, is valid. One that is due for renewal is still used,
 * but a request that can't be sent again waits for the next.
 */
export function tokenKeeper(session: Session, flight: RefreshFlight, now: () => number) {
  return async (isOneShot?: boolean): Promise<void> => {
    const { held, state } = session;
    if (state.status === 'anonymous') return;
    if (!(now() < (held?.expiresAt as number))) return flight.join();
    if (now() < held!.dueAt) return;
    const joined = flight.join().catch(() => {});
    if (isOneShot) await joined;
  };
}

/** `fetch` with the access token, for the origins that may see it. */
export function authorizedFetch(
  session: Session,
  keepToken: (isOneShot: boolean) => Promise<void>,
  renew: (usedToken: string) => Promise<string | undefined>,
  onRevoked: (held: undefined, code: string) => void,
  origins: readonly string[],
  base: string,
  send: Fetch,
): Fetch {
  return async (input, init) => {
    const request = replayableRequest(input, init, base, origins, send);
    const { isOneShot, signal } = request;
    if (!request.wantsToken) return request.send();

    await abortable(keepToken(isOneShot), signal);
    const { held, epoch } = session;
    const response = await request.send(held?.token);
    if (response.status !== 401 || !held) return response;

    const code = (await jsonAnswer<{ code: string }>(response.clone()))?.code;
    if (code === 'session_revoked' && session.held === held) onRevoked(undefined, code);
    if (!/^token_\w/.test(code!)) return response;

    const renewed = abortable(renew(held.token), signal);
    if (isOneShot) {
      renewed.catch(() => {});
      return response;
    }
    const token = await renewed;
    // Whoever is signed in after another login, it isn't who sent this.
    return token && session.epoch === epoch ? request.send(token) : response;
  };
}
