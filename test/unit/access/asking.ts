import type { HttpRequest } from '../../../src/access/http-request.js';
import type { AuthError } from '../../../src/errors/auth-error.js';

export interface Sent {
  bearer?: string;
  cookie?: string;
  method?: string;
  headers?: Record<string, string>;
}

type User = Record<string, unknown>;

export const requestOf = ({ bearer, cookie, method = 'GET', headers = {} }: Sent): HttpRequest => ({
  method,
  headers: {
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(cookie === undefined ? {} : { cookie }),
    ...headers,
  },
});

/** Asks a strategy as Passport does: an object of the request's own that inherits from it. */
function ask(strategy: object, request: HttpRequest): Promise<User> {
  return new Promise((resolve, reject) => {
    const actions = { success: resolve, fail: reject, error: reject };
    const own = Object.assign(Object.create(strategy) as object, actions);
    (own as unknown as { authenticate(asked: HttpRequest): void }).authenticate(request);
  });
}

/** Who a strategy says sent a request, or the code of its refusal. */
export async function asked(strategy: object, sent: Sent): Promise<unknown> {
  try {
    return await ask(strategy, requestOf(sent));
  } catch (refusal) {
    const { code, message } = refusal as AuthError;
    return code ?? message;
  }
}

/** What a strategy refuses a request with. */
export async function refusedBy(strategy: object, sent: Sent): Promise<AuthError> {
  return ask(strategy, requestOf(sent)).then(
    () => {
      throw new Error('It was not refused.');
    },
    (refusal: AuthError) => refusal,
  );
}

/** Cookies of one name. */
export const cookies = (name: string, ...values: string[]) =>
  values.map((value) => `${name}=${value}`).join('; ');
