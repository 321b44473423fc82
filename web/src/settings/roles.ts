/** The five roles, from most to least. */
export const ROLES = [
  ["owner", "Owner: everything"],
  ["admin", "Admin: settings and people"],
  ["manager", "Manager: builds and publishes workflows"],
  ["member", "Member: works with records"],
  ["viewer", "Viewer: reads"],
] as const;

/** "Manager" for the code "manager". */
export function roleName(code: string): string {
  return ROLES.find(([each]) => each === code)?.[1].split(":")[0] ?? code;
}
