/** Sign in with email and password. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState, type FormEvent } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { useSignIn } from "@/api/session";
import { Logo } from "@/app/Logo";
import { Button } from "@/ui/Button";
import { Field, Input } from "@/ui/Field";
import { Notice } from "@/ui/States";

function refusal(error: unknown): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403 || error.status === 422)) {
    return "That email and password do not belong together. Check both and try again; ask your account's owner for a new password if you lost yours.";
  }
  if (error instanceof ApiError && error.status === 429) return "Too many attempts. Wait a minute, then try again.";
  return messageOf(error);
}

export function SignInPage() {
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => { document.title = "Sign in · Cuework"; }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => void navigate({ href: next ?? "/workflows" }) });
  };
  return (
    <main className="flex min-h-dvh items-center justify-center bg-paper p-4">
      <div className="w-full max-w-88">
        <Logo className="mx-auto size-11" />
        <h1 className="mt-4 text-center text-2xl">Sign in to Cuework</h1>
        <p className="mt-1 text-center text-ink-soft">Workflows that act the moment a record changes.</p>
        <form onSubmit={submit} className="card mt-6 flex flex-col gap-4 p-5 shadow-sm">
          {signIn.error && <Notice>{refusal(signIn.error)}</Notice>}
          <Field label="Email">
            <Input type="email" name="email" autoComplete="username" autoFocus required value={email} onChange={(event) => setEmail(event.target.value)} />
          </Field>
          <Field label="Password">
            <Input type="password" name="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
          </Field>
          <Button type="submit" look="primary" busy={signIn.isPending}>{signIn.isPending ? "Signing in…" : "Sign in"}</Button>
        </form>
        <p className="mt-4 text-center text-sm text-ink-faint">First start? The sign-in was printed in the terminal that started the server.</p>
      </div>
    </main>
  );
}
