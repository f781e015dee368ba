// The page: npx vite examples/tutorial, beside the server.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // In your own app, `eventwire` comes from node_modules; here it is the source next door.
  resolve: { tsconfigPaths: true },
  optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'] },
})
