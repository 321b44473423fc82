"""Believable people, companies and deals. All invented; addresses end in .example, which reaches nobody."""

from random import Random
from typing import Any

TEAM = (  # name, role, teams
    ("Robin Vale", "owner", ()),
    ("Mira Castellanos", "manager", ("sales",)),
    ("Jonas Feld", "member", ("sales",)),
    ("Priya Raman", "member", ("sales", "closers")),
    ("Theo Lindqvist", "member", ("closers",)),
    ("Amara Osei", "viewer", ()),
)

COMPANIES = (
    "Harbour & Finch",
    "Nordlicht Logistik",
    "Bluepine Robotics",
    "Casa Verde Foods",
    "Tidewater Clinics",
    "Kestrel Analytics",
    "Mosaic Learning",
    "Atlas Freight",
    "Juniper Studios",
    "Solstice Energy",
    "Copperline Banking",
    "Brightwell Schools",
    "Ferro Machining",
    "Lantern Travel",
    "Quarry Street Legal",
    "Sable Interiors",
)

FIRST = [
    "Ada",
    "Noor",
    "Elif",
    "Tomas",
    "Ingrid",
    "Mateo",
    "Yuki",
    "Leila",
    "Oskar",
    "Amina",
    "Lucas",
    "Sofia",
    "Ravi",
    "Hannah",
    "Diego",
    "Freya",
    "Kofi",
    "Marta",
    "Emil",
    "Zara",
    "Pavel",
    "Nadia",
    "Hugo",
    "Chiara",
    "Samir",
    "Greta",
    "Andre",
    "Lina",
    "Viktor",
    "Rosa",
    "Malik",
    "Eva",
    "Joao",
    "Petra",
    "Bilal",
    "Clara",
    "Nils",
    "Aisha",
    "Simon",
    "Ines",
]
LAST = [
    "Berg",
    "Okafor",
    "Silva",
    "Novak",
    "Haddad",
    "Moreau",
    "Tanaka",
    "Lindgren",
    "Rossi",
    "Kaya",
    "Weber",
    "Mensah",
    "Costa",
    "Nowak",
    "Dahl",
    "Farah",
    "Klein",
    "Vargas",
    "Jensen",
    "Adeyemi",
    "Marin",
    "Patel",
    "Horvat",
    "Keller",
    "Santos",
    "Ivanova",
    "Brandt",
    "Diallo",
    "Romano",
    "Yilmaz",
]
TITLES = (
    "Head of Operations",
    "Marketing Manager",
    "CTO",
    "Procurement Lead",
    "Founder",
    "Sales Director",
    "Office Manager",
    "Product Owner",
    "Finance Lead",
    "Customer Success Manager",
)
SOURCES = ("website", "referral", "trade fair", "newsletter", "partner")
COUNTRIES = (("DE", "Europe/Berlin"), ("SE", "Europe/Stockholm"), ("ES", "Europe/Madrid"), ("US", "America/New_York"))
STAGES = ("subscriber", "lead", "lead", "marketing_qualified_lead", "sales_qualified_lead", "opportunity", "customer")
PROJECTS = ("pilot", "rollout", "renewal", "expansion", "team licence", "onboarding package", "annual plan")


def domain_of(company: str) -> str:
    """A company's invented domain."""
    return "".join(each for each in company.lower() if each.isalnum()) + ".example"


def email_of(name: str, domain: str) -> str:
    """A person's address at a domain."""
    return f"{name.lower().replace(' ', '.')}@{domain}"


def person(chance: Random, company: str | None) -> dict[str, Any]:
    """A contact as the API takes it, without company and owner."""
    first, last = chance.choice(FIRST), chance.choice(LAST)
    country, zone = chance.choice(COUNTRIES)
    domain = domain_of(company) if company else chance.choice(("mailbox.example", "post.example"))
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}.{chance.randrange(16**6):06x}@{domain}".lower(),
        "phone": f"+49 30 {chance.randrange(1000, 9999)} {chance.randrange(100, 999)}",
        "job_title": chance.choice(TITLES),
        "source": chance.choice(SOURCES),
        "country": country,
        "timezone": zone,
        "email_consent": chance.choice(("granted", "granted", "unknown", "denied")),
    }


def deal_name(chance: Random, company: str) -> str:
    """A deal's name."""
    return f"{company}: {chance.choice(PROJECTS)}"
