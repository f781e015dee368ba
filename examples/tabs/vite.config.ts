import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // In your own app, `eventwire` comes from node_modules; here it is the source next door.
  resolve: { tsconfigPaths: true },
  // Named here, so that the first visit does not reload the page when they are found.
  optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'] },
})
