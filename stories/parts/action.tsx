interface ActionProps {
  label: string
  disabled?: boolean
  onPress: () => void
}

/** A button that stays reachable when there is nothing to do, so that pressing it never loses the focus. */
export function Action({ label, disabled = false, onPress }: ActionProps) {
  return (
    <button type="button" className="button" aria-disabled={disabled} onClick={() => !disabled && onPress()}>
      {label}
    </button>
  )
}
