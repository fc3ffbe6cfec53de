// Journeys run as a person would: a real server with the demo company, real Chromium at phone size and at a
// desk, the network cut at a proxy in front of the server (Playwright's own offline switch does not reach
// the service worker). One worker: the machine has two cores and journeys start servers of their own.
import { defineConfig } from '@playwright/test';

const chromium = process.env.LIANXIN_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export default defineConfig({
  testDir: '.',
  testMatch: process.env.LIANXIN_PICTURES ? ['pictures/*.spec.ts'] : ['journeys/**/*.spec.ts'],
  outputDir: process.env.LIANXIN_E2E_OUT ?? 'out',
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? [['line'], ['json', { outputFile: 'out/report.json' }]] : [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: chromium, args },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'phone', use: { viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true } },
    { name: 'desk', use: { viewport: { width: 1280, height: 800 } }, grep: /@desk/ },
  ],
});
