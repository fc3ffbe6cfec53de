// Measurements: no answer of yes or no, figures for docs/figures.md. `cargo bench-start` runs them.
import journeys from './playwright.config';

export default {
  ...journeys,
  testMatch: ['measure/**/*.spec.ts'],
  timeout: 300_000,
  reporter: [['line']],
  projects: [{ name: 'phone', use: { viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true } }],
};
