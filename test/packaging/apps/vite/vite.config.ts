import process from 'node:process'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // Holds for `vite preview` too.
  server: { proxy: { '/events': process.env['EVENTS'] ?? 'http://localhost:3000' } },
})
