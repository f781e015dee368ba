// The server that guides to Server-Sent Events begin with. Run it: node examples/tutorial/server.ts
import express from 'express'

const app = express()
const port = Number(process.env['PORT'] ?? 3001)

app.get('/events', (req, res) => {
  res.setHeader('Content-Type', 'text/event-stream')
  res.setHeader('Cache-Control', 'no-cache')
  res.setHeader('Connection', 'keep-alive')
  // The React app is served from another port.
  res.setHeader('Access-Control-Allow-Origin', '*')
  res.flushHeaders()

  let count = 0
  const timer = setInterval(() => {
    count += 1
    const event = { count, message: `Hello number ${count}`, time: new Date().toISOString() }
    res.write(`data: ${JSON.stringify(event)}\n\n`)
  }, 1000)

  req.on('close', () => {
    clearInterval(timer)
    res.end()
  })
})

app.listen(port, () => {
  console.log(`Events at http://localhost:${port}/events`)
})
