import {
  ArrowLeft,
  AtSign,
  BookOpen,
  HardDriveDownload,
  Info,
  Keyboard,
  type LucideIcon,
  Palette,
  PenLine,
  Search,
  ShieldCheck,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { Input, SearchField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useAccounts } from "../../state/accounts.ts";
import { goTo, useRoute } from "../../state/route.ts";
import { parseSection, SEARCHABLE, SECTIONS, type Section } from "../../state/settings-page.ts";
import { useShell } from "../../state/shell.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Icon } from "../parts/icon.tsx";
import { IconButton } from "../parts/icon-button.tsx";
import { StatusLine } from "../shell/status-line.tsx";
import { AboutSection } from "./about-section.tsx";
import { AccountDetail } from "./account-detail.tsx";
import { AccountsSection } from "./accounts-section.tsx";
import { AppearanceSection } from "./appearance-section.tsx";
import { OfflineSection } from "./offline-section.tsx";
import { PolicyNote } from "./policy-note.tsx";
import { PrivacySection } from "./privacy-section.tsx";
import { ReadingSection } from "./reading-section.tsx";
import { ShortcutsSection } from "./shortcuts-section.tsx";
import { WritingSection } from "./writing-section.tsx";
import "../../style/page.css";
import "./settings.css";

const ICONS: Record<Section, LucideIcon> = {
  accounts: AtSign,
  appearance: Palette,
  reading: BookOpen,
  writing: PenLine,
  offline: HardDriveDownload,
  privacy: ShieldCheck,
  shortcuts: Keyboard,
  about: Info,
};

/** Settings: sections beside their rows; in one pane first the sections, then one of them. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation("settings");
  const route = useRoute((state) => state.route);
  const narrow = useShell((state) => state.layout === "one");
  const [query, setQuery] = useState("");
  const { section, item } = parseSection(route.page === "settings" ? route.section : null);
  const shown = section ?? "accounts";
  const open = (next: Section): void => {
    setQuery("");
    goTo({ page: "settings", section: next });
  };
  const account = useAccounts((state) => state.accounts.find((one) => one.id === item));
  const title = query !== "" ? t("search") : account !== undefined && shown === "accounts" ? account.name : t(`section.${shown}`);
  const back = (): void => {
    if (account !== undefined && shown === "accounts") open("accounts");
    else if (narrow && section !== null) goTo({ page: "settings", section: null });
    else goTo({ page: "mail" });
  };
  const sections = <Sections shown={narrow ? section : shown} onOpen={open} onBack={() => goTo({ page: "mail" })} />;
  if (narrow && section === null && query === "") return sections;
  return (
    <div className="settings-page">
      {!narrow && sections}
      <main className="page" aria-label={title}>
        <header className="bar page-bar">
          {(narrow || account !== undefined) && (
            <IconButton icon={ArrowLeft} label={t(account === undefined ? "title" : "accounts.back")} onPress={back} />
          )}
          <h1 className="page-title cut">{title}</h1>
          <span className="grow" />
          <SearchField className="settings-search" aria-label={t("search")} value={query} onChange={setQuery}>
            <Icon of={Search} />
            <Input placeholder={t("search")} />
          </SearchField>
        </header>
        <div className="page-scroll">
          <div className="settings-column">
            <PolicyNote />
            {query === "" ? <Content section={shown} account={account?.id ?? null} /> : <Found query={query} onOpen={open} />}
          </div>
        </div>
      </main>
    </div>
  );
}

function Sections({ shown, onOpen, onBack }: { shown: Section | null; onOpen(section: Section): void; onBack(): void }): ReactNode {
  const { t } = useTranslation("settings");
  const accounts = useAccounts((state) => state.accounts.length);
  return (
    <aside className="settings-side">
      <div className="bar">
        <IconButton icon={ArrowLeft} label={t("back")} onPress={onBack} />
        <b>{t("title")}</b>
      </div>
      <nav className="tree" aria-label={t("sections")}>
        {SECTIONS.map((section) => (
          <button
            key={section}
            type="button"
            className={section === shown ? "folder selected active" : "folder"}
            aria-current={section === shown ? "page" : undefined}
            onClick={() => onOpen(section)}
          >
            <Icon of={ICONS[section]} />
            <span className="cut">{t(`section.${section}`)}</span>
            {section === "accounts" && <span className="n">{accounts}</span>}
          </button>
        ))}
      </nav>
      <StatusLine />
    </aside>
  );
}

function Content({ section, account }: { section: Section; account: number | null }): ReactNode {
  const { t } = useTranslation("settings");
  const content = (): ReactNode => {
    switch (section) {
      case "accounts":
        return account === null ? <AccountsSection /> : <AccountDetail key={account} accountId={account} />;
      case "appearance":
        return <AppearanceSection />;
      case "reading":
        return <ReadingSection />;
      case "writing":
        return <WritingSection />;
      case "offline":
        return <OfflineSection />;
      case "privacy":
        return <PrivacySection />;
      case "shortcuts":
        return <ShortcutsSection />;
      case "about":
        return <AboutSection />;
    }
  };
  return (
    <>
      {content()}
      {["appearance", "reading", "writing"].includes(section) && <p className="settings-note">{t("applies")}</p>}
    </>
  );
}

function Found({ query, onOpen }: { query: string; onOpen(section: Section): void }): ReactNode {
  const { t } = useTranslation("settings");
  const wanted = query.trim().toLowerCase();
  const found = SEARCHABLE.filter(({ section, words }) =>
    [`section.${section}`, ...words].some((key) =>
      t(key as "title")
        .toLowerCase()
        .includes(wanted),
    ),
  );
  if (found.length === 0) return <EmptyState icon={Search} title={t("searchNone")} />;
  return (
    <ul className="setcard">
      {found.map(({ section, words }) => (
        <li key={words.join()} className="setrow">
          <button type="button" className="found" onClick={() => onOpen(section)}>
            <span className="grow">{t((words[0] ?? "title") as "title")}</span>
            <span className="muted caption">{t(`section.${section}`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
