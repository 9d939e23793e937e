import type { HttpRequest } from '../../../src/access/http-request.js';
import type { AuthError } from '../../../src/errors/auth-error.js';

export interface RequestParts {
  bearer?: string;
  cookie?: string;
  method?: string;
  headers?: Record<string, string>;
}

type User = Record<string, unknown>;

export const requestOf = ({
  bearer,
  cookie,
  method = 'GET',
  headers = {},
}: RequestParts): HttpRequest => ({
  method,
  headers: {
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(cookie === undefined ? {} : { cookie }),
    ...headers,
  },
});

/** Calls a strategy as Passport does: for each request on a new object that inherits from it. */
function runStrategy(strategy: object, request: HttpRequest): Promise<User> {
  return new Promise((resolve, reject) => {
    const actions = { success: resolve, fail: reject, error: reject };
    const own = Object.assign(Object.create(strategy) as object, actions);
    (own as unknown as { authenticate(strategyResult: HttpRequest): void }).authenticate(request);
  });
}

/** The user that a strategy finds for a request, or the code of its refusal. */
export async function resultOf(strategy: object, sent: RequestParts): Promise<unknown> {
  try {
    return await runStrategy(strategy, requestOf(sent));
  } catch (refusal) {
    const { code, message } = refusal as AuthError;
    return code ?? message;
  }
}

/** The error with which a strategy refuses a request. */
export async function strategyRefusal(strategy: object, sent: RequestParts): Promise<AuthError> {
  return runStrategy(strategy, requestOf(sent)).then(
    () => {
      throw new Error('It was not refused.');
    },
    (refusal: AuthError) => refusal,
  );
}

/** Cookies of one name. */
export const cookies = (name: string, ...values: string[]) =>
  values.map((value) => `${name}=${value}`).join('; ');
