/** Node's response, whichever framework is around it. */
interface NodeResponse {
  setHeader(name: string, value: string): unknown;
}

/** Middleware of our routes: whatever their answer becomes, and whoever gives it, it is not cached (RFC 6749 §5.1). */
export function noStore(_request: unknown, response: NodeResponse, next: () => void): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}
