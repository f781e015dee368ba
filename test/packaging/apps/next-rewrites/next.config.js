import process from 'node:process'

/** In development the page's own origin leads to the server behind. */
export default { rewrites: async () => [{ source: '/events', destination: `${process.env.BACKEND}/events` }] }
