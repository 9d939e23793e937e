/** Where the demo's own login sessions are: apart from the app's, and shorter, so that one sees them move. */
export const DEMO_PATH = 'demo/auth';
export const DEMO_COOKIE = 'demo_refresh_token';
export const DEMO_LIFETIMES = { access: '20s', leeway: '5s', idle: '1h', absolute: '12h' };
