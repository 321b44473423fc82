/** The mark: a cue to begin, with the stage light on. */
export function Logo({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="9" fill="#0c6478" />
      <path d="M9 9.5v13" stroke="#fff" strokeWidth="3" strokeLinecap="round" opacity=".55" />
      <path d="M14.5 10.6v10.8a.9.9 0 0 0 1.4.75l7.9-5.4a.9.9 0 0 0 0-1.5l-7.9-5.4a.9.9 0 0 0-1.4.75z" fill="#fff" />
      <circle cx="25" cy="7.5" r="2.6" fill="#ffb84d" />
    </svg>
  );
}
