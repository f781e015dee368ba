/** The name this page gives itself, so that its buttons break its own stream and nobody else's. */
export const client = Math.random().toString(36).slice(2, 10)
