/** The bar above every page: menu on a phone, search, notifications, help, the person. */
import { CircleHelp, LogOut, Menu as MenuIcon, Monitor, Moon, Search, Sun } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { useMe, useSignOut } from "@/api/session";
import { roleName } from "@/settings/roles";
import { Avatar } from "@/ui/Avatar";
import { IconButton } from "@/ui/Button";
import { Kbd } from "@/ui/Kbd";
import { Menu, MenuItem, MenuLabel, MenuLine } from "@/ui/Menu";
import { NotificationBell } from "./NotificationBell";
import { chooseTheme, useTheme, type Theme } from "./theme";

interface TopBarProps { onMenu: () => void; onSearch: () => void; onHelp: () => void; loading: boolean }

export function TopBar({ onMenu, onSearch, onHelp, loading }: TopBarProps) {
  return (
    <header className="relative flex h-12 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-4">
      {loading && <span aria-hidden className="skeleton absolute inset-x-0 -bottom-px h-0.5 rounded-none" />}
      <IconButton label="Open navigation" className="lg:hidden" onClick={onMenu}><MenuIcon aria-hidden /></IconButton>
      <button type="button" onClick={onSearch} className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md bg-sunken px-2.5 text-ink-faint hover:bg-hover hover:text-ink-soft sm:max-w-80 lg:ml-2">
        <Search aria-hidden className="size-4 shrink-0" /><span className="flex-1 truncate text-left">Search everything</span><span className="hidden sm:inline"><Kbd keys="Ctrl K" /></span>
      </button>
      <div className="hidden flex-1 sm:block" />
      <IconButton label="Keyboard" shortcut="?" className="max-sm:hidden" onClick={onHelp}><CircleHelp aria-hidden /></IconButton>
      <ThemeMenu />
      <NotificationBell />
      <PersonMenu />
    </header>
  );
}

const THEMES: readonly (readonly [Theme, string, typeof Sun])[] = [["system", "As the system", Monitor], ["light", "Light", Sun], ["dark", "Dark", Moon]];

function ThemeMenu() {
  const theme = useTheme();
  const Current = THEMES.find(([each]) => each === theme)?.[2] ?? Monitor;
  return (
    <Menu trigger={<button type="button" aria-label="Theme" className="inline-flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink"><Current aria-hidden className="size-4" /></button>}>
      {THEMES.map(([value, label, Icon]) => (
        <MenuItem key={value} icon={<Icon aria-hidden />} onSelect={() => chooseTheme(value)}>{label}{theme === value && <span className="ml-auto pl-4 text-accent-text">✓</span>}</MenuItem>
      ))}
    </Menu>
  );
}

function PersonMenu() {
  const { user } = useMe();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const name = user.name || user.email || "Somebody";
  return (
    <Menu trigger={<button type="button" className="ml-1 rounded-full"><Avatar name={name} /><span className="sr-only">Signed in as {name}</span></button>}>
      <div className="px-2 pt-1.5 pb-1"><p className="font-medium">{name}</p><p className="text-sm text-ink-faint">{user.email}</p></div>
      <MenuLabel>Role: {roleName(user.role)}</MenuLabel>
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => signOut.mutate(undefined, { onSettled: () => void navigate({ to: "/sign-in", search: {} }) })}>Sign out</MenuItem>
    </Menu>
  );
}
