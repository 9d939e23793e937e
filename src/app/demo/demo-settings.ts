/** The demo's own login sessions: separate from the app's, and with shorter lifetimes, so that changes can be seen. */
export const DEMO_PATH = 'demo/auth';
export const DEMO_COOKIE = 'demo_refresh_token';
export const DEMO_LIFETIMES = { access: '20s', leeway: '5s', idle: '1h', absolute: '12h' };
