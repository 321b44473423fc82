/** Joins class names. */
export { clsx as classes } from "clsx";
