import { header, type HttpRequest } from '../access/http-request.js';
import { nodeRequest } from '../access/node-request.js';

/** Requests that had no body, although by their headers they could have one. */
const bodyless = new WeakSet<object>();

/** Whether a request has a body: RFC 9112 §6.3, and for HTTP/2 RFC 9113 §8.1, where no header has to say so. */
export function hasBody(request: HttpRequest): boolean {
  const length = header(request, 'content-length');
  return (
    (length !== null && length !== '0') || (isOpen(request) && !bodyless.has(nodeRequest(request)))
  );
}

/** Call it if the stream of a request ended without a body. */
export function rememberEmpty(request: HttpRequest): void {
  bodyless.add(nodeRequest(request));
}

/** Whether a body may follow whose length no header says. */
export function isOpen(request: HttpRequest): boolean {
  if (header(request, 'transfer-encoding') !== null) return true;
  const { httpVersionMajor, stream } = nodeRequest(request);
  const isHttp2 = httpVersionMajor === 2 && header(request, 'content-length') === null;
  return isHttp2 && stream?.endAfterHeaders !== true;
}
