"""Writes the benchmark scenarios: a folder each with policies.cedar, schema.cedarschema, entities.json and requests.json.

    python3 Benchmarks/scenarios.py FOLDER [NAME...]

A name is a family, and for most a size: acl-1000 has 1,000 policies, gdrive-50 has 50 entities of each of its main types.
The same name gives the same files on every machine.
"""

import json
import os
import random
import sys

DEFAULT = (
    ["empty", "one", "ext"]
    + [f"{family}-{size}" for family in ("acl", "rbac", "abac") for size in (10, 100, 1000, 10000)]
    + [f"{family}-{size}" for family in ("tinytodo", "gdrive", "github") for size in (5, 50, 500)]
)


def uid(type, id):
    return {"type": type, "id": id}


def ref(type, id):
    return {"__entity": uid(type, id)}


def entity(type, id, attrs=None, parents=()):
    return {"uid": uid(type, id), "attrs": attrs or {}, "parents": [uid(*parent) for parent in parents]}


def action(id, parents=()):
    return entity("Action", id, parents=[("Action", parent) for parent in parents])


def request(principal, action, resource, context=None):
    return {"principal": uid(*principal), "action": uid("Action", action), "resource": uid(*resource), "context": context or {}}


def numbered(prefix, count):
    return [f"{prefix}_{number}" for number in range(count)]


# Documents of a company, and three ways to say who may do what with them: lists of single grants, roles, attributes.

COMPANY_SCHEMA = """\
entity Role in [Role];
entity Folder in [Folder];
entity User in [Role] = { dept: String, level: Long, region: String };
entity Doc in [Folder] = { dept: String, classification: Long, owner: User, tags: Set<String>, archived: Bool };
action view, edit, delete, share, comment appliesTo {
  principal: User, resource: Doc, context: { mfa: Bool, hour: Long, ip: ipaddr },
};
"""
ACTIONS = ["view", "edit", "delete", "share", "comment"]
REGIONS = ["us", "eu", "ap"]


class Company:
    """Grows with the number of policies, more slowly than they do."""

    def __init__(self, policies, dice):
        self.dice = dice
        self.users = numbered("user", max(20, policies // 5))
        self.docs = numbered("doc", max(20, policies // 5))
        self.roles = numbered("role", max(5, policies // 50))
        self.folders = numbered("folder", max(5, policies // 50))
        self.departments = numbered("dept", max(3, policies // 200))
        self.tags = numbered("tag", 20)

    def entities(self):
        dice = self.dice
        yield from (action(name) for name in ACTIONS)
        for kind, names in (("Role", self.roles), ("Folder", self.folders)):
            for number, name in enumerate(names):
                # A forest: about half of them are within an earlier one.
                parents = [(kind, names[dice.randrange(number)])] if number and dice.random() < 0.5 else []
                yield entity(kind, name, parents=parents)
        for name in self.users:
            attributes = {"dept": dice.choice(self.departments), "level": dice.randrange(10), "region": dice.choice(REGIONS)}
            yield entity("User", name, attributes, [("Role", role) for role in dice.sample(self.roles, dice.randrange(1, 4))])
        for name in self.docs:
            attributes = {
                "dept": dice.choice(self.departments),
                "classification": dice.randrange(10),
                "owner": ref("User", dice.choice(self.users)),
                "tags": dice.sample(self.tags, dice.randrange(4)),
                "archived": dice.random() < 0.1,
            }
            yield entity("Doc", name, attributes, [("Folder", dice.choice(self.folders))])

    def request(self, grant=None):
        """A random one; with a grant, the one that it is about."""
        dice = self.dice
        user, name, doc = grant or (dice.choice(self.users), dice.choice(ACTIONS), dice.choice(self.docs))
        address = f"10.{dice.randrange(4)}.{dice.randrange(256)}.{dice.randrange(256)}"
        context = {"mfa": dice.random() < 0.5, "hour": dice.randrange(24), "ip": {"__extn": {"fn": "ip", "arg": address}}}
        return request(("User", user), name, ("Doc", doc), context)


def company(policies_of, size, dice):
    world = Company(size, dice)
    entities = list(world.entities())
    policies, grants = policies_of(world, size)
    # Half of the requests are about something that is granted, as far as that can be told without deciding them.
    requests = [world.request(dice.choice(grants) if grants and dice.random() < 0.5 else None) for _ in range(200)]
    return policies, COMPANY_SCHEMA, entities, requests


def acl(world, size):
    dice = world.dice
    grants = [(dice.choice(world.users), dice.choice(ACTIONS), dice.choice(world.docs)) for _ in range(size)]
    return [
        f'permit (principal == User::"{user}", action == Action::"{name}", resource == Doc::"{doc}");'
        for user, name, doc in grants
    ], grants


def rbac(world, size):
    dice = world.dice
    policies = []
    for _ in range(size):
        names = dice.sample(ACTIONS, dice.randrange(1, 4))
        actions = (
            f'== Action::"{names[0]}"' if len(names) == 1 else "in [" + ", ".join(f'Action::"{name}"' for name in names) + "]"
        )
        policies.append(
            f'permit (principal in Role::"{dice.choice(world.roles)}", action {actions}, '
            f'resource in Folder::"{dice.choice(world.folders)}");'
        )
    return policies, []


def abac(world, size):
    dice = world.dice
    kinds = [
        lambda: f'resource.tags.contains("{dice.choice(world.tags)}") && context.mfa',
        lambda: f"resource.dept == principal.dept && principal.level >= {dice.randrange(1, 9)}",
        lambda: f"resource.classification <= principal.level && context.hour >= 8 && context.hour < {dice.randrange(14, 22)}",
        lambda: f'(resource.owner == principal || principal.region == "{dice.choice(REGIONS)}") '
        "&& (context.mfa || principal.level > 7)",
        lambda: f'context.ip.isInRange(ip("10.{dice.randrange(4)}.0.0/16")) '
        f'&& resource.tags.containsAny(["{dice.choice(world.tags)}", "{dice.choice(world.tags)}"])',
    ]
    policies = []
    for _ in range(size):
        unless = " unless { resource.archived }" if dice.random() < 0.5 else ""
        policies.append(
            f'permit (principal, action == Action::"{dice.choice(ACTIONS)}", resource) '
            f'when {{ principal.dept == "{dice.choice(world.departments)}" && {dice.choice(kinds)()} }}{unless};'
        )
    return policies, []


def empty(size, dice):
    _, schema, entities, requests = company(acl, 10, dice)
    return [], schema, entities, requests


def one(size, dice):
    _, schema, entities, requests = company(acl, 10, dice)
    return ["permit (principal, action, resource);"], schema, entities, requests


# Every extension type, patterns, arithmetic and an attribute that may be missing.

EXT_SCHEMA = """\
entity User = { email: String };
entity File = { path: String, created: datetime, meta?: { level?: Long } };
action view appliesTo { principal: User, resource: File, context: { ip: ipaddr, risk: decimal, now: datetime } };
"""
EXT_POLICIES = [
    'permit (principal, action == Action::"view", resource)\n'
    'when { context.ip.isInRange(ip("10.0.0.0/8")) && !context.ip.isLoopback() };',
    'permit (principal, action == Action::"view", resource) when { context.risk.lessThan(decimal("0.2")) };',
    'forbid (principal, action, resource) when { context.risk.greaterThanOrEqual(decimal("0.9")) };',
    'permit (principal, action == Action::"view", resource)\n'
    'when { context.now >= resource.created && context.now.durationSince(resource.created) < duration("14d") };',
    'permit (principal, action == Action::"view", resource) when { resource.path like "/srv/*/shared/*" };',
    'forbid (principal, action, resource) when { resource.path like "*.key" };',
    'permit (principal, action == Action::"view", resource)\n'
    'when { principal.email like "*@example.org" && context.now.toTime() < duration("12h") };',
    'permit (principal, action == Action::"view", resource)\n'
    "when { resource has meta.level && resource.meta.level * 3 - 2 > 10 };",
]


def ext(size, dice):
    users, files = numbered("user", 50), numbered("file", 200)
    entities = [action("view")]
    entities += [entity("User", name, {"email": f"{name}@example.{dice.choice(['org', 'com'])}"}) for name in users]

    def day(hour=0):
        return f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}T{hour:02}:{dice.randrange(60):02}:00Z"

    for name in files:
        folder = dice.choice(["srv/a/shared", "srv/b/shared/deep", "home", "srv/own"])
        attributes = {
            "path": f"/{folder}/{name}.{dice.choice(['txt', 'key', 'pdf'])}",
            "created": {"__extn": {"fn": "datetime", "arg": day()}},
        }
        if dice.random() < 0.5:
            attributes["meta"] = {"level": dice.randrange(8)} if dice.random() < 0.7 else {}
        entities.append(entity("File", name, attributes))
    requests = []
    for _ in range(300):
        context = {
            "ip": {"__extn": {"fn": "ip", "arg": dice.choice(["10.1.2.3", "127.0.0.1", "192.168.7.1", "2001:db8::1"])}},
            "risk": {"__extn": {"fn": "decimal", "arg": f"0.{dice.randrange(100):02}"}},
            "now": {"__extn": {"fn": "datetime", "arg": day(dice.randrange(24))}},
        }
        requests.append(request(("User", dice.choice(users)), "view", ("File", dice.choice(files)), context))
    return EXT_POLICIES, EXT_SCHEMA, entities, requests


# Applications after those of the Cedar paper (OOPSLA 2024): lists with readers and editors, drives with views, repositories with permissions.

TINYTODO_SCHEMA = """\
entity Application;
entity User in [Team, Application];
entity Team in [Team, Application];
entity List in [Application] = {
  owner: User, name: String, readers: Team, editors: Team, tasks: Set<{ name: String, id: Long, state: String }>,
};
action CreateList, GetLists appliesTo { principal: User, resource: Application };
action GetList, UpdateList, DeleteList, CreateTask, UpdateTask, DeleteTask, EditShares appliesTo { principal: User, resource: List };
"""
TINYTODO_POLICIES = [
    'permit (principal, action in [Action::"CreateList", Action::"GetLists"], resource == Application::"TinyTodo");',
    "permit (principal, action, resource) when { resource has owner && resource.owner == principal };",
    'permit (principal, action == Action::"GetList", resource)\n'
    "when { principal in resource.readers || principal in resource.editors };",
    'permit (\n  principal,\n  action in [Action::"UpdateList", Action::"CreateTask", Action::"UpdateTask", Action::"DeleteTask"],\n'
    "  resource\n) when { principal in resource.editors };",
]


def tinytodo(size, dice):
    application = ("Application", "TinyTodo")
    on_application = ["CreateList", "GetLists"]
    on_lists = ["GetList", "UpdateList", "DeleteList", "CreateTask", "UpdateTask", "DeleteTask", "EditShares"]
    users, teams, lists = numbered("user", size), numbered("team", size), numbered("list", size)
    entities = [action(name) for name in on_application + on_lists] + [entity(*application)]
    for number, name in enumerate(teams):
        above = dice.sample(teams[:number], min(number, dice.randrange(3)))
        entities.append(entity("Team", name, parents=[application] + [("Team", team) for team in above]))
    for name in users:
        member = dice.sample(teams, min(size, dice.randrange(4)))
        entities.append(entity("User", name, parents=[application] + [("Team", team) for team in member]))
    for name in lists:
        tasks = [
            {"name": f"task_{dice.randrange(10**6)}", "id": number, "state": dice.choice(["Open", "Checked"])}
            for number in range(dice.randrange(10))
        ]
        attributes = {
            "owner": ref("User", dice.choice(users)),
            "name": name,
            "readers": ref("Team", dice.choice(teams)),
            "editors": ref("Team", dice.choice(teams)),
            "tasks": tasks,
        }
        entities.append(entity("List", name, attributes, [application]))
    requests = []
    for _ in range(500):
        user = ("User", dice.choice(users))
        if dice.random() < 0.2:
            requests.append(request(user, dice.choice(on_application), application))
        else:
            requests.append(request(user, dice.choice(on_lists), ("List", dice.choice(lists))))
    return TINYTODO_POLICIES, TINYTODO_SCHEMA, entities, requests


GDRIVE_SCHEMA = """\
entity User in [Group] = { documentsAndFoldersWithViewAccess: View, ownedDocuments: Set<Document>, ownedFolders: Set<Folder> };
entity Group;
entity Folder in [Folder, View];
entity Document in [Folder, View] = { isPublic: Bool };
entity View in [View];
action createDocument appliesTo { principal: User, resource: Folder };
action changeOwner, share, write, read appliesTo { principal: User, resource: Document };
"""
GDRIVE_POLICIES = [
    'permit (principal, action == Action::"read", resource) when { resource in principal.documentsAndFoldersWithViewAccess };',
    'permit (principal, action == Action::"read", resource) when { resource.isPublic };',
    'permit (principal, action in [Action::"read", Action::"write", Action::"share"], resource)\n'
    "when { resource in principal.ownedDocuments || resource in principal.ownedFolders };",
    'permit (principal, action == Action::"changeOwner", resource) when { principal.ownedDocuments.contains(resource) };',
    'permit (principal, action == Action::"createDocument", resource) when { principal.ownedFolders.contains(resource) };',
]


def gdrive(size, dice):
    on_documents = ["changeOwner", "share", "write", "read"]
    users, groups = numbered("user", size), numbered("group", size)
    folders, documents = numbered("folder", size), numbered("doc", size)
    entities = [action(name) for name in ["createDocument"] + on_documents]
    # Who is in a group sees what the group sees: the view of a user is above those of the groups.
    entities += [entity("View", f"Group {name}", parents=[]) for name in groups]
    entities += [entity("Group", name) for name in groups]
    views = []
    owned = {name: ([], []) for name in users}
    for kind, names in enumerate((documents, folders)):
        for name in names:
            owned[dice.choice(users)][kind].append(name)
    for name in users:
        member = dice.sample(groups, min(size, dice.randrange(3)))
        view = f"User {name}"
        views.append(view)
        entities.append(entity("View", view))
        mine, folders_of_mine = owned[name]
        attributes = {
            "documentsAndFoldersWithViewAccess": ref("View", view),
            "ownedDocuments": [ref("Document", document) for document in mine],
            "ownedFolders": [ref("Folder", folder) for folder in folders_of_mine],
        }
        entities.append(entity("User", name, attributes, [("Group", group) for group in member]))
    views += [f"Group {name}" for name in groups]
    for number, name in enumerate(folders):
        parents = [("Folder", folders[dice.randrange(number)])] if number and dice.random() < 0.7 else []
        parents += [("View", view) for view in dice.sample(views, dice.randrange(3))]
        entities.append(entity("Folder", name, parents=parents))
    for name in documents:
        parents = [("Folder", dice.choice(folders))] + [("View", view) for view in dice.sample(views, dice.randrange(4))]
        entities.append(entity("Document", name, {"isPublic": dice.random() < 0.3}, parents))
    requests = []
    for _ in range(500):
        user = dice.choice(users)
        if dice.random() < 0.1:
            requests.append(request(("User", user), "createDocument", ("Folder", dice.choice(folders))))
        else:
            # Often their own: of thousands of documents, one at random is hardly ever anybody's.
            mine = owned[user][0]
            document = dice.choice(mine) if mine and dice.random() < 0.4 else dice.choice(documents)
            requests.append(request(("User", user), dice.choice(on_documents), ("Document", document)))
    return GDRIVE_POLICIES, GDRIVE_SCHEMA, entities, requests


GITHUB_SCHEMA = """\
entity User in [Organization, Team, OrgPermission, RepoPermission];
entity Organization in [OrgPermission] = { readers: OrgPermission, writers: OrgPermission, admins: OrgPermission };
entity Team in [Team, RepoPermission];
entity Repository = {
  owner: Organization, readers: RepoPermission, triagers: RepoPermission, writers: RepoPermission,
  maintainers: RepoPermission, admins: RepoPermission,
};
entity OrgPermission;
entity RepoPermission;
action admin appliesTo { principal: User, resource: Repository };
action maintain in [admin] appliesTo { principal: User, resource: Repository };
action write in [maintain] appliesTo { principal: User, resource: Repository };
action triage in [write] appliesTo { principal: User, resource: Repository };
action read in [triage] appliesTo { principal: User, resource: Repository };
"""
REPOSITORY_ROLES = ["readers", "triagers", "writers", "maintainers", "admins"]
ORGANIZATION_ROLES = ["readers", "writers", "admins"]
GITHUB_POLICIES = [
    f"permit (principal, action {scope}, resource) when {{ principal in resource.{permission} }};"
    for scope, permission in [
        ('== Action::"read"', "readers"),
        ('in Action::"triage"', "triagers"),
        ('in Action::"write"', "writers"),
        ('in Action::"maintain"', "maintainers"),
        ('in Action::"admin"', "admins"),
        ('== Action::"read"', "owner.readers"),
        ('in Action::"write"', "owner.writers"),
        ('in Action::"admin"', "owner.admins"),
    ]
]


def github(size, dice):
    users, teams = numbered("user", size), numbered("team", size)
    organizations, repositories = numbered("org", size), numbered("repo", size)
    entities = [
        action("admin"), action("maintain", ["admin"]), action("write", ["maintain"]), action("triage", ["write"]),
        action("read", ["triage"]),
    ]
    for name in organizations:
        roles = {role: ref("OrgPermission", f"{name}_{role}") for role in ORGANIZATION_ROLES}
        entities.append(entity("Organization", name, roles))
        entities += [entity("OrgPermission", f"{name}_{role}") for role in ORGANIZATION_ROLES]
    for name in repositories:
        roles = {role: ref("RepoPermission", f"{name}_{role}") for role in REPOSITORY_ROLES}
        entities.append(entity("Repository", name, {"owner": ref("Organization", dice.choice(organizations)), **roles}))
        entities += [entity("RepoPermission", f"{name}_{role}") for role in REPOSITORY_ROLES]

    def repository_permissions(count):
        return [("RepoPermission", f"{dice.choice(repositories)}_{dice.choice(REPOSITORY_ROLES)}") for _ in range(count)]

    for number, name in enumerate(teams):
        above = [("Team", teams[dice.randrange(number)])] if number and dice.random() < 0.6 else []
        entities.append(entity("Team", name, parents=above + repository_permissions(dice.randrange(1, 4))))
    for name in users:
        parents = [("Team", team) for team in dice.sample(teams, min(size, dice.randrange(4)))]
        parents += repository_permissions(dice.randrange(1, 6))
        for organization in dice.sample(organizations, min(size, dice.randrange(1, 4))):
            parents += [
                ("Organization", organization), ("OrgPermission", f"{organization}_{dice.choice(ORGANIZATION_ROLES)}"),
            ]
        # A parent may come up twice.
        entities.append(entity("User", name, parents=list(dict.fromkeys(parents))))
    granted = [
        (user["uid"]["id"], parent["id"].rsplit("_", 1)[0])
        for user in entities if user["uid"]["type"] == "User"
        for parent in user["parents"] if parent["type"] == "RepoPermission"
    ]
    requests = []
    for _ in range(500):
        user, repository = (
            dice.choice(granted) if dice.random() < 0.4 else (dice.choice(users), dice.choice(repositories))
        )
        name = dice.choice(["read", "triage", "write", "maintain", "admin"])
        requests.append(request(("User", user), name, ("Repository", repository)))
    return GITHUB_POLICIES, GITHUB_SCHEMA, entities, requests


FAMILIES = {
    "empty": empty,
    "one": one,
    "ext": ext,
    "acl": lambda size, dice: company(acl, size, dice),
    "rbac": lambda size, dice: company(rbac, size, dice),
    "abac": lambda size, dice: company(abac, size, dice),
    "tinytodo": tinytodo,
    "gdrive": gdrive,
    "github": github,
}


def write(folder, name):
    family, _, size = name.partition("-")
    policies, schema, entities, requests = FAMILIES[family](int(size or 0), random.Random(name))
    folder = os.path.join(folder, name)
    os.makedirs(folder, exist_ok=True)
    texts = {
        "policies.cedar": "".join(policy + "\n" for policy in policies),
        "schema.cedarschema": schema,
        "entities.json": "[" + ",\n".join(map(json.dumps, entities)) + "]\n",
        "requests.json": "[" + ",\n".join(map(json.dumps, requests)) + "]\n",
    }
    for file, text in texts.items():
        with open(os.path.join(folder, file), "w", encoding="utf-8") as output:
            output.write(text)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[2:] or DEFAULT:
        write(sys.argv[1], name)
