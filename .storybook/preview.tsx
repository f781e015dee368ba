import type { Preview } from '@storybook/react-vite'
import type { ComponentProps } from 'react'
import { DocsContainer } from '@storybook/addon-docs/blocks'
import { useEffect } from 'react'
import { configure } from 'storybook/test'
import { themes } from 'storybook/theming'
import { useDark } from './color-scheme.ts'
import '../stories/theme.css'

// Conditions are waited for; a machine that is busy may take its time.
configure({ asyncUtilTimeout: 10_000 })

function Container(props: ComponentProps<typeof DocsContainer>) {
  return <DocsContainer {...props} theme={useDark() ? themes.dark : themes.light} />
}

export default {
  tags: ['autodocs'],
  initialGlobals: { theme: 'system' },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        title: 'Theme',
        icon: 'circlehollow',
        dynamicTitle: true,
        items: [
          { value: 'system', title: 'As the system', icon: 'browser' },
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
  },
  decorators: [
    (Story, { globals }) => {
      const theme = String(globals['theme'])
      useEffect(() => {
        document.documentElement.dataset['theme'] = theme
      }, [theme])
      return <Story />
    },
  ],
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error' },
    docs: { container: Container, canvas: { sourceState: 'shown' } },
    options: {
      storySort: {
        order: [
          'Live dashboard',
          'The life of a connection',
          'Typed events',
          'Bounded history',
          'LLM answer by POST',
          'Sharing',
          'One connection for all tabs',
          'Transports side by side',
        ],
      },
    },
  },
} satisfies Preview
