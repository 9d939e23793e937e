import { Logger } from '@nestjs/common';

/** The longest response headers that nginx accepts by default (`proxy_buffer_size`, a page of memory). */
const NGINX_TAKES_BYTES = 4096;
/** For the status line, and other headers of the app, such as helmet's. */
const LEFT_FOR_OTHERS_BYTES = 1024;

/** Warns once if the cookies of one response are so long that a proxy may send a 502 instead. */
export class LargeHeadersWarning {
  readonly #logger = new Logger('AuthModule');
  readonly #bytes = new WeakMap<object, number>();
  #isSaid = false;

  /** Counts another Set-Cookie header of the response. */
  count(response: unknown, name: string, value: string): void {
    if (this.#isSaid) return;
    const bytes = (this.#bytes.get(response as object) ?? 0) + name.length + value.length + OTHERS;
    this.#bytes.set(response as object, bytes);
    if (bytes <= NGINX_TAKES_BYTES - LEFT_FOR_OTHERS_BYTES) return;
    this.#isSaid = true;
    this.#logger.warn(
      `A response sets cookies of ${bytes} bytes. nginx answers 502 for headers of more than ${NGINX_TAKES_BYTES} by default: ` +
        'put fewer or shorter claims into the access token, leave out cookies.access, or set proxy_buffer_size 16k.',
    );
  }
}

/** `Set-Cookie: =; Max-Age=…; Path=/; Expires=…; HttpOnly; Secure; SameSite=Strict` and the end of the line. */
const OTHERS = 120;
