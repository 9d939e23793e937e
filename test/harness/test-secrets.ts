export const ACCESS_SECRET = 'Jz9vQ2mT7xR4wB8kN1pL6sD3fG5hY0cA-access';
export const REFRESH_SECRET = 'Xe4uP8nV1qM6zK3tC9rW2yH7bF5jS0dL-refresh';
export const PASSWORD = 'correct horse battery staple';
