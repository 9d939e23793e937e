/**
 * The response's body as JSON; an empty object when it is empty or not JSON. An app may wrap its responses, so what is
 * in `data` counts too; and its exception filter may replace the body of an error, so the code in the header comes first.
 */
export async function jsonBody<T>(response: Response): Promise<WithCode<T>> {
  const body = await (response.json() as Promise<Wrapped<T> | undefined>).catch(() => {});
  return {
    ...body?.data,
    ...body,
    code: response.headers.get('auth-error-code') ?? body?.code,
  } as WithCode<T>;
}

type WithCode<T> = Partial<T> & { code?: string };
type Wrapped<T> = WithCode<T> & { data?: T };
