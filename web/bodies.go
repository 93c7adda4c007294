package web

func (s *Server) bodiesRoutes() {}
