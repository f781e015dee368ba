import type { StorybookConfig } from '@storybook/react-vite'

export default {
  framework: '@storybook/react-vite',
  stories: ['../stories/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  // It works from any static host, and asks nobody else for anything.
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { sidebarOnboardingChecklist: false },
  typescript: { reactDocgen: false },
  viteFinal: (config) => ({
    ...config,
    // In your own app, `eventwire` comes from node_modules; here it is the source next door.
    resolve: { ...config.resolve, tsconfigPaths: true },
  }),
} satisfies StorybookConfig
