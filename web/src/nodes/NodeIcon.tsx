/** The icon a node type names, from the set the application ships; unknown names get their group's. While the catalogue is still loading there is none. */
import {
  Bell, Briefcase, Building2, CalendarClock, CalendarDays, CheckCheck, CircleCheck, CircleDollarSign, CircleStop, CircleX, ClipboardList, Clock,
  FileText, Filter, Flag, Gauge, GitBranch, GitFork, Globe, Hand, History, Hourglass, Layers, ListChecks, ListTodo, Mail, MessageSquare,
  NotebookPen, Octagon, Pencil, PenLine, Play, Plus, RefreshCw, Repeat, Search, Send, Shuffle, Split, SquareCheck, Star, Tag, Tags, Target,
  Timer, TrendingUp, Trophy, User, UserCheck, UserPen, UserPlus, Users, Webhook, Workflow, Zap, type LucideIcon,
} from "lucide-react";

const ICONS: Record<string, LucideIcon> = {
  bell: Bell, briefcase: Briefcase, building: Building2, "building-2": Building2, "calendar-clock": CalendarClock, calendar: CalendarDays,
  "check-check": CheckCheck, "circle-check": CircleCheck, check: CircleCheck, "circle-dollar-sign": CircleDollarSign, "dollar-sign": CircleDollarSign, "circle-stop": CircleStop, stop: CircleStop,
  "circle-x": CircleX, x: CircleX, "clipboard-list": ClipboardList, form: ClipboardList, clock: Clock, "file-text": FileText, filter: Filter, flag: Flag,
  gauge: Gauge, "git-branch": GitBranch, branch: GitBranch, "git-fork": GitFork, globe: Globe, hand: Hand, history: History, hourglass: Hourglass, layers: Layers,
  "list-checks": ListChecks, "list-todo": ListTodo, mail: Mail, "message-square": MessageSquare, "notebook-pen": NotebookPen, octagon: Octagon, pencil: Pencil, "pen-line": PenLine, edit: Pencil,
  play: Play, plus: Plus, "refresh-cw": RefreshCw, repeat: Repeat, search: Search, send: Send, shuffle: Shuffle, split: Split, "square-check": SquareCheck, star: Star,
  tag: Tag, tags: Tags, target: Target, timer: Timer, "trending-up": TrendingUp, trophy: Trophy, user: User, "user-check": UserCheck, "user-pen": UserPen,
  "user-plus": UserPlus, users: Users, webhook: Webhook, workflow: Workflow, zap: Zap,
};
const GROUPS: Record<string, LucideIcon> = { trigger: Zap, triggers: Zap, flow: GitBranch, contact: User, contacts: User, company: Building2, companies: Building2, deal: CircleDollarSign, deals: CircleDollarSign, task: ListChecks, tasks: ListChecks, record: Layers, records: Layers, messages: Mail, channels: Mail };

export function NodeIcon({ icon, group, className = "size-4", known = true }: { icon?: string | null | undefined; group?: string | undefined; className?: string; known?: boolean }) {
  if (!known) return null;
  const Icon = ICONS[icon ?? ""] ?? GROUPS[group?.toLowerCase() ?? ""] ?? Workflow;
  return <Icon aria-hidden className={className} strokeWidth={1.9} />;
}
