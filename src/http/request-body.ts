import type { Readable } from 'node:stream';
import { isSafeMethod } from '../access/cross-site.js';
import { header, type HttpRequest } from '../access/http-request.js';

/** Node's own request, as HTTP/2 has it. */
interface NodeRequest {
  readonly httpVersionMajor?: number;
  readonly stream?: { readonly endAfterHeaders?: boolean };
}

/** Requests that turned out to have no body, though their headers left it open. */
const bodyless = new WeakSet<object>();

/** Whether a request has a body: RFC 9112 §6.3, and for HTTP/2 RFC 9113 §8.1, where no header need tell. */
export function hasBody(request: HttpRequest): boolean {
  const length = header(request, 'content-length');
  return (length !== null && length !== '0') || (isOpen(request) && !bodyless.has(nodes(request)));
}

/**
 * Fastify refuses a JSON content type without a body, which clients send by habit: this takes it away. Where only the
 * stream knows whether there is a body, it is waited for until it begins or ends. To be a route's `preParsing` hook.
 */
export function forgetEmptyBody(
  request: HttpRequest & { headers: Record<string, unknown> },
  _reply: unknown,
  payload: Readable,
  done: (error: null, payload: Readable) => void,
): void {
  if (isSafeMethod(request.method) || !isOpen(request)) {
    if (!hasBody(request)) delete request.headers['content-type'];
    return done(null, payload);
  }
  const decide = (isEmpty: boolean) => {
    payload.off('readable', look).off('end', end);
    if (isEmpty) {
      bodyless.add(nodes(request));
      delete request.headers['content-type'];
      delete request.headers['transfer-encoding'];
    }
    done(null, payload);
  };
  const end = () => decide(true);
  const look = () => {
    const chunk: unknown = payload.read();
    if (chunk === null) return;
    payload.unshift(chunk);
    decide(false);
  };
  payload.on('readable', look).on('end', end);
}

/** Whether the headers say that a body follows, but not how long it is. */
function isOpen(request: HttpRequest): boolean {
  if (header(request, 'transfer-encoding') !== null) return true;
  const { httpVersionMajor, stream } = nodes(request);
  const isHttp2 = httpVersionMajor === 2 && header(request, 'content-length') === null;
  return isHttp2 && stream?.endAfterHeaders !== true;
}

function nodes(request: HttpRequest): NodeRequest {
  return (request.raw ?? request) as NodeRequest;
}
