/** A labelled control with hint and error, wired for screen readers. */
import { createContext, use, useId, type ComponentProps, type ReactNode } from "react";
import { classes } from "./classes";

interface FieldWiring { id: string; describedBy: string | undefined; invalid: boolean }
const FieldContext = createContext<FieldWiring | null>(null);

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Marks a field that may stay empty; required is the norm. */
  optional?: boolean;
  className?: string;
  children: ReactNode;
}

export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const id = useId();
  const describedBy = error ? `${id}-error` : hint ? `${id}-hint` : undefined;
  return (
    <FieldContext value={{ id, describedBy, invalid: Boolean(error) }}>
      <div className={classes("flex flex-col gap-1", className)}>
        <label htmlFor={id} className="flex items-baseline justify-between gap-2 text-sm font-medium text-ink-soft">
          {label}{optional && <span className="text-xs font-normal text-ink-faint">optional</span>}
        </label>
        {children}
        {error
          ? <p id={`${id}-error`} className="text-sm text-bad">{error}</p>
          : hint && <p id={`${id}-hint`} className="text-sm text-ink-faint">{hint}</p>}
      </div>
    </FieldContext>
  );
}

/** The attributes a control inside a Field carries; the control's own win. */
export function useFieldWiring(): { id?: string; "aria-describedby"?: string; "aria-invalid"?: true } {
  const wiring = use(FieldContext);
  if (!wiring) return {};
  return {
    id: wiring.id,
    ...(wiring.describedBy ? { "aria-describedby": wiring.describedBy } : {}),
    ...(wiring.invalid ? { "aria-invalid": true } : {}),
  };
}

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...useFieldWiring()} className={classes("control", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...useFieldWiring()} className={classes("control min-h-20 py-1.5", className)} {...rest} />;
}

export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <select {...useFieldWiring()} className={classes("control select-arrow appearance-none !pr-8", className)} {...rest}>
      {children}
    </select>
  );
}

export function Checkbox({ label, className, ...rest }: ComponentProps<"input"> & { label: ReactNode }) {
  return (
    <label className={classes("inline-flex items-start gap-2", className)}>
      <input type="checkbox" className="tick mt-0.5" {...rest} />
      <span>{label}</span>
    </label>
  );
}
