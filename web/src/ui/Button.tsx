/** Buttons, and links that look like them. One primary per view. */
import { Slot } from "radix-ui";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classes } from "./classes";
import { Tip } from "./Tip";

export interface ButtonLook {
  look?: "primary" | "plain" | "quiet" | "danger" | "destroy";
  size?: "sm" | "md";
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  /** Shows that the action is on its way and refuses a second press. */
  busy?: boolean;
  asChild?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const LOOKS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-strong shadow-sm",
  plain: "bg-surface text-ink border border-line-strong hover:bg-hover shadow-sm",
  quiet: "text-ink-soft hover:bg-hover hover:text-ink",
  /** Leads to something that destroys; it asks first. */
  danger: "bg-surface text-bad border border-line-strong hover:bg-bad-wash",
  /** Destroys. */
  destroy: "bg-destroy text-destroy-ink hover:opacity-90 shadow-sm",
};
const SIZES = { sm: "h-7 px-2.5 text-sm gap-1.5", md: "h-8 px-3 gap-2" };

export function buttonClasses({ look = "plain", size = "md" }: ButtonLook = {}): string {
  return classes(
    "inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors",
    "disabled:pointer-events-none disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0", LOOKS[look], SIZES[size],
  );
}

export function Button({ look, size, busy = false, asChild = false, className, disabled, type, ...rest }: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element className={classes(buttonClasses({ ...(look ? { look } : {}), ...(size ? { size } : {}) }), busy && "cursor-progress opacity-70", className)}
      {...(asChild ? {} : { type: type ?? "button", disabled: disabled ?? false, "aria-busy": busy || undefined })}
      {...rest} {...(busy ? { onClick: (event) => event.preventDefault() } : {})} />
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "aria-label"> {
  label: string;
  /** Shown in the tip beside the label, such as "Ctrl K". */
  shortcut?: string;
  children: ReactNode;
}

export function IconButton({ label, shortcut, look = "quiet", size = "md", className, children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} {...(shortcut ? { shortcut } : {})}>
      <Button aria-label={label} look={look} className={classes(size === "sm" ? "w-7 !px-0" : "w-8 !px-0", className)} size={size} {...rest}>{children}</Button>
    </Tip>
  );
}
