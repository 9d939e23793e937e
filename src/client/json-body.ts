/** What an answer says in JSON; null when that is nothing, or something else. */
export function jsonAnswer<T>(response: Response): Promise<Partial<T> | null> {
  return response.json().catch(() => null) as Promise<Partial<T> | null>;
}
