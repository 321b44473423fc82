/** The names that rows of tasks mention. */
import { useMemo } from "react";
import { useTeams, useUsers } from "@/api/people";
import type { Task } from "@/api/types";
import { useNames } from "@/records/names";
import type { Around } from "./TaskRow";

export function useAround(tasks: readonly Task[]): Around {
  const users = useUsers();
  const teams = useTeams();
  const contacts = useNames("contact", tasks.map((task) => task.contact_id));
  const companies = useNames("company", tasks.map((task) => task.company_id));
  const deals = useNames("deal", tasks.map((task) => task.deal_id));
  return useMemo(() => ({
    users: new Map(users.data?.map((user) => [user.id, user])), teams: new Map(teams.data?.map((team) => [team.id, team])), contacts, companies, deals,
  }), [users.data, teams.data, contacts, companies, deals]);
}
