/** The response's body as JSON; null when it is empty or not JSON. */
export function jsonBody<T>(response: Response): Promise<Partial<T> | null> {
  return response.json().catch(() => null) as Promise<Partial<T> | null>;
}
