import { abortable } from './abortable.js';
import type { Fetch } from './auth-client.js';
import { jsonBody } from './json-body.js';
import type { SingleFlightRefresh } from './single-flight-refresh.js';
import type { CreateRequest } from './replayable-request.js';
import type { Session } from './session.js';

/**
 * Returns a function that makes sure the token is valid, if anybody is signed in. A token due for renewal is still
 * used, but a request that can't be sent twice waits for the next token.
 */
export function createEnsureToken(
  session: Session,
  refresh: SingleFlightRefresh,
  now: () => number,
) {
  return async (isOneShot?: boolean): Promise<void> => {
    const { held, state } = session;
    if (state.status === 'anonymous') return;
    if (!(now() < (held?.expiresAt as number))) return refresh.join();
    if (now() < held!.dueAt) return;
    const joined = refresh.join().catch(() => {});
    if (isOneShot) await joined;
  };
}

/** `fetch` that adds the access token, for allowed origins only. */
export function authorizedFetch(
  session: Session,
  ensureToken: (isOneShot: boolean) => Promise<void>,
  renew: (usedToken: string) => Promise<string | undefined>,
  onRevoked: (held: undefined, code: string) => void,
  createRequest: CreateRequest,
): Fetch {
  return async (input, init) => {
    const request = createRequest(input, init);
    const { isOneShot, signal } = request;
    if (!request.wantsToken) return request.send();

    await abortable(ensureToken(isOneShot), signal);
    const { held, epoch } = session;
    const response = await request.send(held?.token);
    if (response.status !== 401 || !held) return response;

    const { code } = await jsonBody(response.clone());
    if (code === 'session_revoked' && session.held === held) onRevoked(undefined, code);
    if (!/^token_./.test(code!)) return response;

    const renewed = abortable(renew(held.token), signal);
    if (isOneShot) {
      renewed.catch(() => {});
      return response;
    }
    const token = await renewed;
    // After another login a different user may be signed in: never resend as them.
    return token && session.epoch === epoch ? request.send(token) : response;
  };
}
