import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright'
import { expect, test } from 'vitest'
import { chromiumArgs, chromiumPath } from '../chromium.ts'

test('Playwright drives a Chromium that shows a page of a real server', async () => {
  const server = createServer((_request, response) => response.end('<title>eventwire</title><h1>It runs</h1>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArgs })
  try {
    const page = await browser.newPage()
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect(await page.title()).toBe('eventwire')
    // Text has a width only where the browser finds a font.
    const width = await page.getByText('It runs').evaluate((heading) => {
      const range = document.createRange()
      range.selectNodeContents(heading)
      return range.getBoundingClientRect().width
    })
    expect(width).toBeGreaterThan(20)
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
})
